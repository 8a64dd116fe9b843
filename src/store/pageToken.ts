import type { PagedResult } from 'botbuilder';
import { z } from 'zod';

/** The place of the last item of a page: its time, and what tells it from others of that time. */
export type PageToken = readonly [time: number, tieBreaker: string];

const tokenShape = z.tuple([z.number(), z.string()]);

/** @throws {TypeError} when the token is none of ours. */
export function readPageToken(token: string | undefined): PageToken | undefined {
  if (token === undefined || token === '') return undefined;
  const parsed = tokenShape.safeParse(parseJson(Buffer.from(token, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  throw new TypeError('The continuationToken is none that this transcript store has given out.');
}

/**
 * Makes a page of a list that may hold one more than a page does; so the last page is known to be the last.
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  size: number,
  toItem: (row: Row) => Item,
  placeOf: (row: Row) => PageToken,
): PagedResult<Item> {
  const last = rows.length > size ? rows[size - 1] : undefined;
  const token = last && Buffer.from(JSON.stringify(placeOf(last))).toString('base64url');
  // botbuilder's type, made without strict null checks, hides that its own stores end with `undefined`.
  return { items: rows.slice(0, size).map(toItem), continuationToken: token } as PagedResult<Item>;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
