/** Who is measured, in the order of the table. */
export const CONTENDERS = ['restify', 'cloudadapter', 'peer', 'memory', 'sqlite', 'postgres'] as const;

export type Contender = (typeof CONTENDERS)[number];

/** What each of them is, for people. */
export const CONTENDER_TITLES: Readonly<Record<Contender, string>> = {
  restify: 'bare restify (answers, runs no bot)',
  cloudadapter: 'CloudAdapter',
  peer: 'botbuilder-adapter-web',
  memory: 'ours, MemoryStore',
  sqlite: 'ours, SqliteStore',
  postgres: 'ours, PostgresStore',
};

/** Those that are this package. */
export const OURS = ['memory', 'sqlite', 'postgres'] as const satisfies readonly Contender[];

export function isContender(text: string): text is Contender {
  return CONTENDERS.some((name) => name === text);
}

/** Whether it keeps what it has in a database. */
export function isDurable(contender: Contender): boolean {
  return contender === 'sqlite' || contender === 'postgres';
}
