import assert from 'node:assert/strict';
import { type DeliveryStore, MemoryStore } from '../../src';
import { SqliteStore } from '../../src/sqlite';
import { incomingMessage, ManualClock } from '../../src/testing';
import { serveBot } from '../support/botHost';

const SAID = 'my card number is 4111';
const CONVERSATION = 'CONV-history';

const engines: Record<string, () => DeliveryStore> = {
  MemoryStore: () => new MemoryStore(),
  SqliteStore: () => new SqliteStore(':memory:'),
};

describe('The history of a bot', () => {
  for (const [name, makeStore] of Object.entries(engines)) {
    it(`tells what went wrong and quotes nobody (I9), in ${name}`, async () => {
      const store = makeStore();
      const clock = new ManualClock();
      const host = await serveBot({ store, clock }, async (context) => {
        if (context.activity.text?.endsWith('fail')) {
          throw new RangeError(`cannot understand ${context.activity.text}`);
        }
        if (context.activity.type === 'message') await context.sendActivity(`You said ${SAID}`);
      });
      const say = (what: string) =>
        host.post(incomingMessage({ conversationId: CONVERSATION, text: `${SAID} ${what}` }));
      host.webhook.statuses.push(500, 400);
      await say('fail');
      await clock.advance(60_000);
      await say('and more');
      await host.webhook.waitFor(1);
      await clock.advance(60_000);
      await host.post(`not JSON, but ${SAID}`);

      const history = await store.history(CONVERSATION, { limit: 100 });
      const { entries } = await store.activity(undefined, 100);
      const kinds = history.map((entry) =>
        'outcome' in entry ? `${entry.kind} ${entry.outcome}` : entry.kind,
      );
      assert.deepEqual(kinds.sort(), [
        // Two of the customer's, and what tells the bot that its answer did not arrive.
        'eventAccepted',
        'eventAccepted',
        'eventAccepted',
        'messageStaged',
        'sendAttempt dead',
        'sendAttempt failed',
        'turnAttempt completed',
        'turnAttempt completed',
        'turnAttempt failed',
        'turnAttempt failed',
        'turnAttempt quarantined',
      ]);
      const told = JSON.stringify([history, entries]);
      assert.match(told, /"reason":"RangeError"/);
      assert.match(told, /the webhook answered 400/);
      assert.match(told, /requestQuarantined/);
      assert.doesNotMatch(told, /4111|cannot understand/);
      assert.ok(!told.includes(host.webhook.url), 'the address of the webhook is told');
      await host.adapter.stop();
      await host.stop().catch(() => {});
    });
  }
});
