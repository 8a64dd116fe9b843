import assert from 'node:assert/strict';
import type { Verdict } from './verdict';

/** One line of the table that the proofs print. */
export interface ReportLine {
  readonly run: string;
  readonly kills: number;
  readonly retried: number;
  readonly verdict: Verdict;
  /** Messages that may have been on the wire when a process died or froze: what explains those that came twice. */
  readonly onTheWire: number;
}

const COLUMNS = ['run', 'kills', 'events', 'sent again', 'lost', 'stored twice', 'ambiguous', 'reordered'];
const lines: ReportLine[] = [];

/** Notes a run for the table, and asserts that it lost, doubled and reordered nothing. */
export function report(line: ReportLine): void {
  lines.push(line);
  const { lost, storedTwice, reordered, unexpected, ambiguous } = line.verdict;
  assert.ok(ambiguous <= line.onTheWire, `${ambiguous} messages came twice, of ${line.onTheWire} at most`);
  assert.deepEqual(
    { lost, storedTwice, reordered, unexpected },
    { lost: [], storedTwice: [], reordered: [], unexpected: [] },
    line.run,
  );
}

/** The table, in Markdown. */
export function table(): string {
  const rows = lines.map(({ run, kills, retried, verdict }) => [
    run,
    kills,
    verdict.events,
    retried,
    verdict.lost.length,
    verdict.storedTwice.length,
    verdict.ambiguous,
    verdict.reordered.length,
  ]);
  const toRow = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [toRow(COLUMNS), toRow(COLUMNS.map(() => '---')), ...rows.map(toRow)].join('\n');
}
