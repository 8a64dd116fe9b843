import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Text exactly as written. Numbers and booleans are spelled out; anything else, or nothing, reads as `''`. */
export const verbatimText = scalar.transform(String).catch('');

/** Text without the whitespace around it. Numbers and booleans are spelled out; anything else reads as `''`. */
export const trimmedText = scalar.transform((value) => String(value).trim()).catch('');

/** Anything or nothing. */
export const anything = z.unknown().optional();

/** A list of anything. What is no list reads as an empty one. */
export const anyList = z.array(anything).catch([]);

/**
 * A list of one shape. Entries of another shape are left out, and what is no list reads as an empty one.
 *
 * @param shape - the zod shape of one entry
 * @returns the zod shape of the list; it never fails
 */
export function listOf<Shape extends z.ZodType>(shape: Shape) {
  return anyList.transform((entries) => entries.flatMap((entry) => parsedOrNone(shape, entry)));
}

function parsedOrNone<Shape extends z.ZodType>(shape: Shape, entry: unknown): z.output<Shape>[] {
  const parsed = shape.safeParse(entry);
  return parsed.success ? [parsed.data] : [];
}
