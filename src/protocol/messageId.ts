import type { WireFields } from './wireFields';

/** What systems write where they have no id. As an id it would make every message a repeat of the first. */
const NO_ID: readonly string[] = ['0', 'null', 'undefined', 'none'];

/** The `Messageid`, when it is one: a text, or a whole number in digits. */
export function messageIdOf(fields: WireFields): string | undefined {
  const value = fields.get('messageId');
  if (typeof value === 'number')
    return value !== 0 && Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const id = value.trim();
  return id === '' || NO_ID.includes(id.toLowerCase()) ? undefined : id;
}
