import type { StoreStats } from '../deliveryStore';
import type { Database } from './database';

/** Counts what waits and what an operator has to look at. */
export async function countAll(database: Database): Promise<StoreStats> {
  const { schema } = database;
  const [row] = await database.query<{ [Name in keyof StoreStats]: number }>(
    {
      name: 'stats',
      text: `
        SELECT
          ${schema}.waiting_events() AS "waitingEvents",
          (SELECT coalesce(sum(l.tail - l.head), 0)::bigint FROM ${schema}.lanes l
            WHERE (l.worker IS NOT NULL OR (l.worker IS NULL AND l.due_at IS NOT NULL))
              AND l.destination <> '') AS "waitingMessages",
          (SELECT count(*) FROM ${schema}.dead_letters) AS "deadLetters",
          (SELECT count(*) FROM ${schema}.quarantine) AS quarantined`,
    },
    [],
  );
  return row ?? { waitingEvents: 0, waitingMessages: 0, deadLetters: 0, quarantined: 0 };
}
