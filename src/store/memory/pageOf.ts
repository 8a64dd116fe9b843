import type { Page } from '../deliveryStore';

/** A page of what a map holds, in the order in which it was put there. */
export function pageOf<Item>(items: ReadonlyMap<string, Item>, page: Page): readonly Item[] {
  const ids = [...items.keys()];
  const start = page.after === undefined ? 0 : ids.indexOf(page.after) + 1;
  return ids.slice(start, start + page.limit).flatMap((id) => {
    const item = items.get(id);
    return item === undefined ? [] : [item];
  });
}
