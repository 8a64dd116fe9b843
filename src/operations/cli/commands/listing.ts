import type { Page } from '../../../store/deliveryStore';
import type { Args } from '../args';
import type { OptionSpecs } from '../command';

const DEFAULT_LIMIT = 100;
const HIGHEST_LIMIT = 100_000;
const PAGE = 500;

/** Of commands that list. */
export const LISTING_OPTIONS = {
  limit: { type: 'string', value: '<n>', help: `how many to list; ${DEFAULT_LIMIT} by default` },
  after: { type: 'string', value: '<id>', help: 'list what comes after this one' },
} as const satisfies OptionSpecs;

/** Part of a list, and whether there is more. */
export interface Listing<Item> {
  readonly items: readonly Item[];
  /** What `--after` brings the next part with; `undefined` at the end. */
  readonly next: string | undefined;
}

/** Lists what matches, as far as `--limit` and `--after` say. */
export async function listMatching<Item>(
  args: Args,
  listPage: (page: Page) => Promise<readonly Item[]>,
  idOf: (item: Item) => string,
  matches: (item: Item) => boolean,
): Promise<Listing<Item>> {
  const limit = args.integer('limit', 1, HIGHEST_LIMIT) ?? DEFAULT_LIMIT;
  const items: Item[] = [];
  for await (const item of walk(listPage, idOf, args.text('after'))) {
    if (!matches(item)) continue;
    if (items.length === limit) return { items, next: idOfLast(items, idOf) };
    items.push(item);
  }
  return { items, next: undefined };
}

/**
 * Walks through a whole list, page by page. The list may change meanwhile: when the last item of a page is gone, a store
 * begins anew, and what was seen is passed by.
 */
export async function* walk<Item>(
  listPage: (page: Page) => Promise<readonly Item[]>,
  idOf: (item: Item) => string,
  after?: string,
): AsyncGenerator<Item> {
  const seen = new Set<string>();
  let last = after;
  for (;;) {
    const page = await listPage({ limit: PAGE, ...(last !== undefined && { after: last }) });
    for (const item of page) {
      const id = idOf(item);
      if (seen.has(id)) continue;
      seen.add(id);
      yield item;
    }
    last = idOfLast(page, idOf);
    if (page.length < PAGE) return;
  }
}

function idOfLast<Item>(items: readonly Item[], idOf: (item: Item) => string): string | undefined {
  const last = items.at(-1);
  return last === undefined ? undefined : idOf(last);
}
