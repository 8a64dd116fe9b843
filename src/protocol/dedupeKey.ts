import { hash } from 'node:crypto';
import type { InboundEvent } from './inboundEvent';
import { canonicalJson, type JsonValue } from './json';
import { normaliseFieldName, WireFields } from './wireFields';

/**
 * The key under which a repeat of this event is recognised: conversation + event + `Messageid`, and the status
 * for deliveries. Without a `Messageid`, a fingerprint of the whole payload with its timestamp, so that a second
 * tap on the same button is not swallowed.
 *
 * @returns A digest of fixed size, or `undefined` when the event carries neither an id nor a timestamp: a repeat
 * cannot be told from a customer who says the same twice, and losing words is worse than hearing them again.
 */
export function dedupeKey(event: InboundEvent): string | undefined {
  const fields = WireFields.of(event.payload);
  if (event.messageId !== undefined) {
    return digest([
      'id',
      event.conversationId,
      normaliseFieldName(event.eventName) || event.kind,
      event.messageId,
      event.kind === 'messageDelivery' ? event.status : '',
    ]);
  }
  if (fields.get('timestamp') === undefined) return undefined;
  return digest(['payload', event.conversationId, fields.canonical().map(([name, value]) => [name, value])]);
}

function digest(parts: JsonValue): string {
  return hash('sha256', canonicalJson(parts), 'base64url');
}
