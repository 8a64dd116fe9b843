import assert from 'node:assert/strict';
import { type AttemptTrace, unwatched } from '../../src/delivery/attempt';
import { MemoryStore } from '../../src/store/memoryStore';
import { accepted } from '../support/sendOutcomes';
import { claimSend, stageAll } from '../support/storeSteps';

describe('unwatched', () => {
  it('makes the attempt, with no header and with nobody to be told', async () => {
    const store = new MemoryStore();
    await store.open();
    await stageAll(store, 'c', ['m']);
    const traces: AttemptTrace[] = [];
    const outcome = await unwatched(await claimSend(store), async (trace) => {
      trace.answered(200);
      traces.push(trace);
      return accepted;
    });
    assert.equal(outcome, accepted);
    assert.deepEqual(
      traces.map(({ headers }) => headers),
      [{}],
    );
  });
});
