import type { Page, Row } from '../test/docs/support/markdown';

const FIGURES = /(<!-- figures: npm run docs:readme -->\n)(?:\n(?:\|.*\n)+)?/;

/** The README with the figures that `docs/performance.md` and `docs/reliability.md` have measured. */
export function withFigures(readme: string, performance: Page, reliability: Page): string {
  return readme.replace(FIGURES, (_all, note: string) => `${note}\n${table(performance, reliability)}`);
}

function table(performance: Page, reliability: Page): string {
  const [echo = [], answered = []] = performance.tablesBelow('Performance, measured');
  const speedOf = (label: string) => cell(echo, label, 'messages/s, median');
  const runs = reliability
    .tablesBelow('Reliability, measured')
    .flatMap(([head = [], ...rows]) =>
      rows.map((row) => new Map(head.map((name, index) => [name, Number(row[index])]))),
    );
  const sumOf = (column: string) =>
    runs.reduce((sum, run) => sum + (run.get(column) ?? Number.NaN), 0).toLocaleString('en');
  const [, p99 = ''] = /^([\d.,]+ ms)/.exec(cell(answered, '`SqliteStore`', 'p99')) ?? [];
  return [
    '| measured, all on one small machine | |',
    '|---|---|',
    `| an echo, messages/s ([how](docs/performance.md)) | in memory ${speedOf('`MemoryStore`')}, SQLite ${speedOf('`SqliteStore`')}, PostgreSQL ${speedOf('`PostgresStore`')}; \`CloudAdapter\`, which stores nothing, ${speedOf('CloudAdapter')} |`,
    `| ${answered[0]?.[0]}, on SQLite | 99 % within ${p99} |`,
    `| ${sumOf('kills')} kills amid ${sumOf('events')} events, of single processes and of replicas ([how](docs/reliability.md)) | lost ${sumOf('lost')}, stored twice ${sumOf('stored twice')}, reordered ${sumOf('reordered')}; sent again for their fate was unknown ${sumOf('ambiguous')} |`,
    '',
  ].join('\n');
}

/** Without what emphasises it. @throws {Error} when the table has no such row or column, or nothing there. */
function cell([head = [], ...rows]: readonly Row[], label: string, column: string): string {
  const value = rows.find(([first = '']) => first.includes(label))?.[head.indexOf(column)];
  if (value === undefined || value === '')
    throw new Error(`Nothing was measured of '${label}' under '${column}'.`);
  return value.replaceAll('**', '');
}
