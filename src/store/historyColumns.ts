/** The columns that `historyRow.ts` reads an entry from, with what stands in one that an entry has no use for. */
const ABSENT = {
  kind: '',
  at: '',
  conversationId: 'NULL',
  subjectId: '',
  source: 'NULL',
  activityId: 'NULL',
  destination: 'NULL',
  role: 'NULL',
  eventId: 'NULL',
  attempt: 'CAST(NULL AS int)',
  outcome: 'NULL',
  reason: 'NULL',
  isAmbiguous: 'false',
} as const;

type Column = keyof typeof ABSENT;

/** The SQL of each column, as far as the entry has it. */
export type EntryColumns = Readonly<Record<'kind' | 'at' | 'subjectId', string>> &
  Readonly<Partial<Record<Column, string>>>;

/** What is to be selected for an entry, in an order that is the same for all: selections can be put together. */
export function entryColumns(columns: EntryColumns): string {
  return Object.entries({ ...ABSENT, ...columns })
    .map(([name, sql]) => `${sql} AS "${name}"`)
    .join(', ');
}
