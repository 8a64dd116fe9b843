import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type PayloadName =
  | 'incoming-message'
  | 'postback'
  | 'message-delivery'
  | 'reply-1001'
  | 'handover-1002';

/** The bytes of a documented payload. */
export function payloadText(name: PayloadName): string {
  return readFileSync(join(__dirname, '..', 'fixtures', 'payloads', `${name}.json`), 'utf8');
}

/** A documented payload. */
export function payload(name: PayloadName): Record<string, string> {
  return JSON.parse(payloadText(name));
}
