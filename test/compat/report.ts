import type { MochaResult } from './mochaRun';

/** What came of one cell, suite by suite. */
export interface CellReport {
  /** The versions that were installed. */
  readonly node: string;
  readonly botbuilder: string;
  readonly results: readonly { readonly suite: string; readonly result: MochaResult }[];
}

/** A table with a line for each cell, its columns padded. */
export function renderMatrix(reports: readonly CellReport[]): string {
  const suites = reports[0]?.results.map(({ suite }) => suite) ?? [];
  const rows = [
    ['Node', 'botbuilder', ...suites],
    ...reports.map(({ node, botbuilder, results }) => [
      node,
      botbuilder,
      ...results.map(({ result }) => describeResult(result)),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function describeResult({ passing, failing, isSuccess }: MochaResult): string {
  if (isSuccess) return `${passing} passed`;
  return failing > 0 ? `${passing} passed, ${failing} FAILED` : 'BROKE DOWN';
}
