import assert from 'node:assert/strict';
import { incomingMessage } from '../../../src/testing';
import type { BotHost } from '../../support/botHost';

/** After an attack: a customer's message is answered 200, its turn run, and the customer hears of it. */
export async function stillServes(host: BotHost): Promise<void> {
  const before = host.webhook.received.length;
  const conversationId = `survivor-${before}-${host.adapter.counters.get('events_stored_total')}`;
  const answer = await host.post(incomingMessage({ conversationId, text: 'still there?' }));
  assert.equal(answer.status, 200);
  await host.webhook.waitFor(before + 1);
  const { body } = host.webhook.received.find(({ body }) => body.conversation_id === conversationId) ?? {};
  assert.equal(body?.message, 'Echo: still there?');
}

/** Nothing that was sent has reached the bot. */
export function nothingIsStored({ adapter }: BotHost): void {
  assert.equal(adapter.counters.get('events_stored_total'), 0);
  assert.equal(adapter.counters.get('requests_quarantined_total'), 0);
}
