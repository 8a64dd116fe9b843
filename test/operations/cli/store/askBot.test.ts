import assert from 'node:assert/strict';
import { type Asked, askBot, COMMAND_EXPIRES_AFTER_MS } from '../../../../src/operations/cli/store/askBot';
import { MemoryStore } from '../../../../src/store/memoryStore';
import type { OperatorCommand, TakenCommand } from '../../../../src/store/operatorCommands';
import { ManualClock } from '../../../../src/testing';
import { SECOND, T0 } from '../../../support/storeSamples';
import { whileTimePasses } from '../support/commandRun';

const WAIT_MS = 10 * SECOND;

describe('Asking a running bot', () => {
  let store: MemoryStore;
  let clock: ManualClock;
  let isAttended: boolean;
  let interruption: AbortController;

  beforeEach(async () => {
    store = new MemoryStore();
    await store.open();
    clock = new ManualClock(T0);
    isAttended = true;
    interruption = new AbortController();
  });

  function ask(...ids: string[]): Promise<Asked> {
    const { operatorCommands: requests } = store;
    const commands = ids.map((id): OperatorCommand => ({ kind: 'replayDeadLetter', id }));
    const parts = { requests, clock, isAttended: async () => isAttended };
    return askBot(parts, commands, { waitMs: WAIT_MS, signal: interruption.signal });
  }

  function outcomesOf({ outcomes, ended }: Asked): string[] {
    return [...outcomes.map(({ status }) => status), ended];
  }

  /** A bot that does what it is told to with each command that it takes. */
  function serve(handle: (command: TakenCommand) => Promise<void> | void): () => void {
    return store.operatorCommands.attend(async () => {
      for (const command of await store.operatorCommands.take(100, clock.now())) await handle(command);
    });
  }

  const answer = ({ id }: TakenCommand) => store.operatorCommands.answer(id, { status: 'done' });

  /** What is left in the store of all that was asked. */
  async function leftovers(): Promise<number> {
    return (await store.operatorCommands.take(100, clock.now())).length;
  }

  it('brings the answers, in the order of the questions, and leaves nothing behind', async () => {
    let seen: TakenCommand[] = [];
    const end = serve(async (command) => {
      seen = [...seen, command];
      if (seen.length < 3) return;
      for (const one of [...seen].reverse()) {
        const isBad = one.command?.kind === 'replayDeadLetter' && one.command.id === 'b';
        const refusal = { status: 'refused', code: 'X', message: 'no' } as const;
        await store.operatorCommands.answer(one.id, isBad ? refusal : { status: 'done' });
      }
    });
    const asked = await whileTimePasses(clock, ask('a', 'b', 'c'));
    assert.deepEqual(outcomesOf(asked), ['done', 'refused', 'done', 'answered']);
    end();
    const states = await store.operatorCommands.states(seen.map(({ id }) => id));
    assert.ok(states.every(({ status }) => status === 'unknown'));
  });

  it('takes back what no bot has taken in time: nothing is changed, now or later', async () => {
    const asked = await whileTimePasses(clock, ask('a', 'b'));
    assert.deepEqual(outcomesOf(asked), ['withdrawn', 'withdrawn', 'late']);
    assert.ok(clock.now() >= T0 + WAIT_MS && clock.now() < T0 + WAIT_MS + SECOND);
    assert.equal(await leftovers(), 0);
  });

  it('does not know of what a bot has taken and not answered in time', async () => {
    serve(({ command }) => {
      assert.equal(command?.kind, 'replayDeadLetter');
    });
    assert.deepEqual(outcomesOf(await whileTimePasses(clock, ask('a'))), ['unanswered', 'late']);
  });

  it('waits on as long as answers come', async () => {
    const waiting: TakenCommand[] = [];
    serve((command) => void waiting.push(command));
    const asked = ask('a', 'b', 'c');
    for (const _ of ['a', 'b', 'c']) {
      await clock.advance(WAIT_MS - SECOND);
      const command = waiting.shift();
      assert.ok(command !== undefined);
      await answer(command);
    }
    assert.deepEqual(outcomesOf(await whileTimePasses(clock, asked)), ['done', 'done', 'done', 'answered']);
  });

  it('stops when the bot has gone, and tells what it had begun from what it had not', async () => {
    const end = store.operatorCommands.attend(() => {
      void store.operatorCommands.take(1, clock.now()).then(() => {
        end();
        isAttended = false;
      });
    });
    const asked = await whileTimePasses(clock, ask('begun', 'not begun'));
    assert.deepEqual(outcomesOf(asked), ['unanswered', 'withdrawn', 'botGone']);
    assert.ok(clock.now() < T0 + WAIT_MS, 'it has waited for a bot that is gone');
  });

  it('stops at Ctrl-C, and takes back what nobody has begun', async () => {
    const asked = ask('a');
    await clock.advance(SECOND);
    interruption.abort();
    assert.deepEqual(outcomesOf(await whileTimePasses(clock, asked)), ['withdrawn', 'interrupted']);
    assert.equal(await leftovers(), 0);
  });

  it('asks for what must not happen later than a minute from now', async () => {
    const terms: number[] = [];
    const { operatorCommands } = store;
    const { submit } = operatorCommands;
    operatorCommands.submit = async (commands, given) => {
      terms.push(given.now, given.expiresAfterMs);
      await submit.call(operatorCommands, commands, given);
    };
    await whileTimePasses(clock, ask('a'));
    assert.deepEqual(terms, [T0, COMMAND_EXPIRES_AFTER_MS]);
    assert.equal(COMMAND_EXPIRES_AFTER_MS, 60_000);
  });
});
