import assert from 'node:assert/strict';
import type { DeliveryStore } from '../../../src/store/deliveryStore';
import {
  KEEP_COMMANDS_MS,
  type OperatorCommand,
  type SubmitTerms,
} from '../../../src/store/operatorCommands';
import { signal } from '../../support/signal';
import { MINUTE, T0 } from '../../support/storeSamples';
import type { OpenStore } from './openStore';

const PING: OperatorCommand = { kind: 'ping' };
const COMMANDS: readonly OperatorCommand[] = [
  PING,
  { kind: 'replayDeadLetter', id: 'dead \u0000 \ud800 "letter"' },
  { kind: 'discardDeadLetter', id: 'd' },
  { kind: 'replayQuarantined', id: 'q' },
  { kind: 'discardQuarantined', id: 'q' },
  { kind: 'tie', agentConversationId: 'a', botConversationId: 'b' },
  { kind: 'reactivate', destination: 'webhook' },
];
const REFUSED = { status: 'refused', code: 'WEBEX_CONNECT_NOT_FOUND', message: 'none \u0000 "x"' } as const;

function at(now = T0): SubmitTerms {
  return { now, expiresAfterMs: MINUTE };
}

async function submit(store: DeliveryStore, ids: readonly string[], now = T0): Promise<void> {
  await store.operatorCommands.submit(
    ids.map((id) => ({ id, command: PING })),
    at(now),
  );
}

async function taken(store: DeliveryStore, limit = 100, now = T0): Promise<string[]> {
  return (await store.operatorCommands.take(limit, now)).map(({ id }) => id);
}

async function states(store: DeliveryStore, ...ids: string[]): Promise<string[]> {
  return (await store.operatorCommands.states(ids)).map(({ status }) => status);
}

export function describeOperatorCommands(open: OpenStore): void {
  describe('Operator commands', () => {
    it('come out as they went in, in their order', async () => {
      const store = await open();
      const commands = COMMANDS.map((command, index) => ({ id: `${9 - index}`, command }));
      await store.operatorCommands.submit(commands, at());
      assert.deepEqual(await store.operatorCommands.take(100, T0), commands);
    });

    it('are handed out once, the oldest first, no more than asked for', async () => {
      const store = await open();
      await submit(store, ['b', 'a']);
      await submit(store, ['c']);
      assert.deepEqual(await taken(store, 2), ['b', 'a']);
      assert.deepEqual(await taken(store, 2), ['c']);
      assert.deepEqual(await taken(store, 2), []);
    });

    it('are handed out once, whoever asks at the same time', async () => {
      const store = await open();
      const ids = Array.from({ length: 20 }, (_, index) => `c${index}`);
      await submit(store, ids);
      const hauls = await Promise.all(Array.from({ length: 10 }, () => taken(store, 3)));
      assert.deepEqual(hauls.flat().sort(), ids.sort());
    });

    it('are waiting, taken, answered and forgotten', async () => {
      const store = await open();
      const { operatorCommands } = store;
      assert.deepEqual(await states(store, 'a'), ['unknown']);
      await submit(store, ['a', 'b']);
      assert.deepEqual(await states(store, 'b', 'a', 'c'), ['waiting', 'waiting', 'unknown']);
      await taken(store, 1);
      assert.deepEqual(await states(store, 'b', 'a'), ['waiting', 'taken']);
      await operatorCommands.answer('a', REFUSED);
      assert.deepEqual(await operatorCommands.states(['a']), [{ status: 'answered', answer: REFUSED }]);
      assert.deepEqual(await taken(store, 2), ['b']);
      await operatorCommands.answer('b', { status: 'done' });
      assert.deepEqual(await operatorCommands.states(['b']), [
        { status: 'answered', answer: { status: 'done' } },
      ]);
      await operatorCommands.forget(['a', 'unknown']);
      assert.deepEqual(await states(store, 'a', 'b'), ['unknown', 'answered']);
    });

    it('that are withdrawn are not handed out; one that is handed out cannot be withdrawn', async () => {
      const store = await open();
      await submit(store, ['a', 'b', 'c']);
      await taken(store, 1);
      assert.deepEqual(await store.operatorCommands.withdraw(['a', 'c', 'unknown']), ['c']);
      assert.deepEqual(await states(store, 'a', 'b', 'c'), ['taken', 'waiting', 'unknown']);
      assert.deepEqual(await taken(store), ['b']);
    });

    it('that are answered after nobody cares any more are let be', async () => {
      const store = await open();
      await store.operatorCommands.answer('unknown', { status: 'done' });
      assert.deepEqual(await states(store, 'unknown'), ['unknown']);
    });

    it('expire: what was asked yesterday does not happen today', async () => {
      const store = await open();
      await submit(store, ['old']);
      await submit(store, ['young'], T0 + 1);
      assert.deepEqual(await taken(store, 100, T0 + MINUTE), ['young']);
      assert.deepEqual(await states(store, 'old', 'young'), ['unknown', 'taken']);
    });

    it('are kept for an hour when they were taken, answered or not', async () => {
      const store = await open();
      await submit(store, ['taken', 'answered']);
      await taken(store);
      await store.operatorCommands.answer('answered', { status: 'done' });
      const end = T0 + MINUTE + KEEP_COMMANDS_MS;
      await submit(store, ['next'], end - 1);
      await taken(store, 100, end - 1);
      assert.deepEqual(await states(store, 'taken', 'answered'), ['taken', 'answered']);
      await submit(store, ['next but one'], end);
      await taken(store, 100, end);
      assert.deepEqual(await states(store, 'taken', 'answered'), ['unknown', 'unknown']);
    });

    it('are heard of by who attends, also those that were left before', async () => {
      const store = await open();
      await submit(store, ['before']);
      let heard = signal();
      const end = store.operatorCommands.attend(() => heard.give());
      await heard.given;
      assert.deepEqual(await taken(store), ['before']);
      heard = signal();
      await submit(store, ['after']);
      await heard.given;
      end();
      end();
    });
  });
}
