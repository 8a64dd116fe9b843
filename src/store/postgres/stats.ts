import type { StoreStats } from '../deliveryStore';
import type { Database } from './database';

type StatsRow = { readonly [Name in keyof StoreStats]: NonNullable<StoreStats[Name]> | null };

/** Counts what waits and what an operator has to look at. One look at the lanes in use serves all of the former. */
export async function countAll(database: Database): Promise<StoreStats> {
  const { schema } = database;
  const lanes = (which: string) =>
    `SELECT destination, tail - head AS waiting, head_since FROM ${schema}.lanes WHERE ${which}`;
  const [row] = await database.query<StatsRow>(
    {
      name: 'stats',
      text: `
        SELECT waiting.*,
          (SELECT count(*) FROM ${schema}.dead_letters) AS "deadLetters",
          (SELECT count(*) FROM ${schema}.quarantine) AS quarantined
        FROM (
          SELECT
            sum(l.waiting) FILTER (WHERE l.destination = '')::bigint AS "waitingEvents",
            sum(l.waiting) FILTER (WHERE l.destination <> '')::bigint AS "waitingMessages",
            min(l.head_since) FILTER (WHERE l.destination = '') AS "oldestWaitingEventAt",
            min(l.head_since) FILTER (WHERE l.destination <> '') AS "oldestWaitingMessageAt"
          -- Apart, for each has an index of its own, and lanes that are empty are in none of them.
          FROM (${lanes('worker IS NULL AND due_at IS NOT NULL')} UNION ALL ${lanes('worker IS NOT NULL')}) l
        ) waiting`,
    },
    [],
  );
  return {
    waitingEvents: row?.waitingEvents ?? 0,
    waitingMessages: row?.waitingMessages ?? 0,
    oldestWaitingEventAt: row?.oldestWaitingEventAt ?? undefined,
    oldestWaitingMessageAt: row?.oldestWaitingMessageAt ?? undefined,
    deadLetters: row?.deadLetters ?? 0,
    quarantined: row?.quarantined ?? 0,
  };
}
