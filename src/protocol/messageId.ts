import { z } from 'zod';
import type { WireFields } from './wireFields';

/** What systems write where they have no id. As an id it would make every message a repeat of the first. */
const NO_ID = ['0', 'null', 'undefined', 'none'];

const MESSAGE_ID = z.union([
  z
    .string()
    .trim()
    .min(1)
    .refine((id) => !NO_ID.includes(id.toLowerCase())),
  z
    .int()
    .refine((id) => id !== 0)
    .transform(String),
]);

/** The `Messageid`, when it is one. */
export function messageIdOf(fields: WireFields): string | undefined {
  return MESSAGE_ID.safeParse(fields.get('messageId')).data;
}
