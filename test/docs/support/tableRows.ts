import assert from 'node:assert/strict';
import type { Page, Row } from './markdown';

/** Runs the code on an example of what a row says. */
export type Example = () => Promise<void> | void;

/** Has a test for each row of the tables below a heading; fails for a row without an example, and the other way round. */
export function testRows(page: Page, title: string, ...tables: Readonly<Record<string, Example>>[]): void {
  describe(title, () => {
    it('has an example of each row', () => {
      const rows = page.tablesBelow(title).map(([_head, ...body]) => body.map(([first]) => first));
      assert.deepEqual(rows, tables.map(Object.keys));
    });

    for (const [first, example] of tables.flatMap(Object.entries)) it(first, example);
  });
}

/** Finds the row that begins so. @throws {Error} when there is none. */
export function rowOf(page: Page, title: string, first: string): Row {
  const row = page
    .tablesBelow(title)
    .flat()
    .find(([cell]) => cell === first);
  if (row === undefined) throw new Error(`${page.path} has no row '${first}' below '${title}'.`);
  return row;
}

/** The fields that a row names in `{ … }`. */
export function fieldsIn(row: Row): string[] {
  const [, fields = ''] = /\{ ([^}]*) \}/.exec(row.slice(1).join(' ')) ?? [];
  return fields.split(', ').sort();
}
