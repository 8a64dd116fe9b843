import { isJsonObject, parseBody } from './json';
import { messageIdOf } from './messageId';
import { WireFields } from './wireFields';

/**
 * Finds the platform's message ID in what the webhook answered. What it answers is not documented; a JSON field
 * `Messageid` in any spelling is an assumption (option `outbound.platformMessageId`).
 */
export function platformMessageIdOf(body: string): string | undefined {
  const parsed = parseBody(body);
  if (parsed.kind !== 'json' || !isJsonObject(parsed.value)) return undefined;
  return messageIdOf(new WireFields(parsed.value));
}
