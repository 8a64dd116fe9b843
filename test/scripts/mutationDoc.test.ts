import assert from 'node:assert/strict';
import { readGroups, stale, unnamed, withMeasured } from '../../scripts/mutationDoc';
import { readReport } from '../../scripts/mutationReport';

const SOURCE = 'export function twice(n: number) {\n  return n === 0 ? 0 : (\n    2 * n\n  );\n}\n';

/** A mutant as Stryker reports it: `from` is where it begins and ends. */
function mutant(status: string, replacement: string, ...[start, end]: [line: number, column: number][]) {
  const at = (place: [line: number, column: number] = [1, 1]) => ({ line: place[0], column: place[1] });
  return { id: '0', mutatorName: 'Any', status, replacement, location: { start: at(start), end: at(end) } };
}

const zero = mutant('Survived', 'false', [2, 10], [2, 17]);
const body = mutant('NoCoverage', '{}', [1, 34], [5, 2]);

function report(files: Record<string, ReturnType<typeof mutant>[]>): string {
  const described = Object.entries(files).map(([file, mutants]) => [
    file,
    { language: 'typescript', source: SOURCE, mutants },
  ]);
  return JSON.stringify({ schemaVersion: '1', files: Object.fromEntries(described) });
}

const ZERO = 'n === 0 → false in return n === 0 ? 0 : (';
const BODY = '{ return n === 0 ? 0 : ( 2 * n ); } → {} in export function twice(n: number) {';

const scores = readReport(
  report({
    'src/protocol/a.ts': [zero, mutant('Killed', ''), mutant('Timeout', ''), mutant('Killed', '')],
    'src/delivery/conversationLife.ts': [body, mutant('Killed', ''), mutant('RuntimeError', '')],
    'src/delivery/pump.ts': [mutant('Killed', ''), mutant('Ignored', '')],
  }),
);

describe('The report of mutations', () => {
  it('counts what was noticed, and names what was not by what was replaced, and where', () => {
    assert.deepEqual(scores, [
      { file: 'protocol/a.ts', noticed: 3, survivors: [{ file: 'protocol/a.ts', name: ZERO }] },
      {
        file: 'delivery/conversationLife.ts',
        noticed: 1,
        survivors: [{ file: 'delivery/conversationLife.ts', name: BODY }],
      },
      { file: 'delivery/pump.ts', noticed: 1, survivors: [] },
    ]);
  });

  it('cuts long code', () => {
    const [score] = readReport(
      report({ 'src/a.ts': [mutant('Survived', 'x'.repeat(100), [2, 10], [2, 17])] }),
    );
    assert.match(score?.survivors[0]?.name ?? '', / → x{90}… in return/);
  });
});

describe('The page of mutations', () => {
  const groups = readGroups(
    JSON.stringify([
      { reason: 'Zero is doubled all the same.', survivors: { 'protocol/a.ts': [ZERO, 'gone'] } },
    ]),
  );

  it('knows who has no name yet, and which names are nobody’s', () => {
    assert.deepEqual(unnamed(scores, groups), [{ file: 'delivery/conversationLife.ts', name: BODY }]);
    assert.deepEqual(stale(scores, groups), [{ file: 'protocol/a.ts', name: 'gone' }]);
  });

  it('has the scores of folders and the survivors with their reasons, and keeps what is around them', () => {
    const page =
      'Before\n<!-- score -->\n<!-- /score -->\nBetween\n<!-- survivors -->\nold\n<!-- /survivors -->\n';
    const written = withMeasured(page, scores, groups, 'Measured today.');
    assert.equal(
      written,
      `Before
<!-- score -->

| folder | mutants | noticed | survived | score |
|---|---|---|---|---|
| \`src/delivery\` | 3 | 2 | 1 | 66.7 % |
| \`src/protocol\` | 4 | 3 | 1 | 75.0 % |
| of \`src/delivery\`: who has a conversation | 2 | 1 | 1 | 50.0 % |
| **all** | 7 | 5 | 2 | 71.4 % |

Measured today.

<!-- /score -->
Between
<!-- survivors -->

Zero is doubled all the same. (1)

\`\`\`text
protocol/a.ts
  ${ZERO}
\`\`\`

<!-- /survivors -->
`,
    );
    assert.equal(withMeasured(written, scores, groups, 'Measured today.'), written);
  });
});
