import assert from 'node:assert/strict';
import { HEALTHY } from '../../../../src/store/deliveryStore';
import { claimBy, newMessage, settleTerms, T0 } from '../../../support/storeSamples';
import { claimSend, dueSends, stageAll } from '../../../support/storeSteps';
import { CommandStage } from '../support/commandRun';

const inactive = {
  status: 'inactive',
  consecutiveFailures: 5,
  since: T0,
  probeAt: T0 + 60_000,
  reason: '503',
} as const;

describe('webex-connect-bot reactivate', () => {
  let stage: CommandStage;
  beforeEach(async () => {
    stage = new CommandStage();
    await stage.store.open();
  });

  it('takes the webhook for healthy again, and makes all that waits for it due', async () => {
    const { store } = stage;
    await stageAll(store, 'c', ['m']);
    const retry = { kind: 'retry', at: T0, notBefore: T0 + 9000, error: '503', isAmbiguous: false } as const;
    await store.settleSend(await claimSend(store), retry, settleTerms());
    await store.updateHealth('webhook', () => inactive);
    assert.deepEqual(await stage.run('reactivate'), {
      code: 0,
      stdout: "'webhook' is active again.\n",
      stderr: '',
    });
    assert.deepEqual(await store.loadHealth('webhook'), HEALTHY);
    assert.deepEqual(await dueSends(store, claimBy('a')), ['m']);
  });

  it('takes a bridge for healthy again, and leaves the webhook', async () => {
    const { store } = stage;
    for (const name of ['webhook', 'crm']) await store.updateHealth(name, () => inactive);
    await store.stage([newMessage('c', 'm', { destination: 'crm' })], { turn: undefined, claim: undefined });
    const json = await stage.json('reactivate', 'crm');
    assert.deepEqual(json, { results: [{ id: 'crm', outcome: 'done', message: '' }] });
    assert.deepEqual(await store.loadHealth('crm'), HEALTHY);
    assert.deepEqual(await store.loadHealth('webhook'), inactive);
  });

  it('is harmless for a webhook that never failed', async () => {
    assert.equal((await stage.run('reactivate')).code, 0);
  });

  it('knows no destination that has no health: 3', async () => {
    const { code, stderr } = await stage.run('reactivate', 'crm');
    assert.equal(code, 3);
    assert.match(stderr, /The store knows no destination 'crm'/);
    assert.deepEqual(await stage.store.listDestinations(), []);
  });
});
