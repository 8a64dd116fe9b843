import { z } from 'zod';

/** What a text has to be: hold some words, be them, or match a regular expression. */
export const TEXT_MATCH = z.union(
  [
    z.string(),
    z.strictObject({ exactly: z.string() }),
    z.strictObject({ matches: z.string().refine(isExpression, 'is no regular expression') }),
  ],
  { error: "must be a text, { exactly: '…' } or { matches: '<regular expression>' }" },
);

export type TextMatch = z.infer<typeof TEXT_MATCH>;

export function isMatch(expected: TextMatch, text: string): boolean {
  if (typeof expected === 'string') return text.includes(expected);
  if ('exactly' in expected) return text === expected.exactly;
  return new RegExp(expected.matches, 'u').test(text);
}

/** In words, for a report. */
export function describeMatch(expected: TextMatch): string {
  if (typeof expected === 'string') return JSON.stringify(expected);
  if ('exactly' in expected) return `exactly ${JSON.stringify(expected.exactly)}`;
  return `what matches /${expected.matches}/`;
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== '';
  } catch {
    return false;
  }
}
