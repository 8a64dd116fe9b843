import { query } from '../../../support/postgresServer';

/** Asks until a statement on `schema` waits for a lock. */
export async function waitsForLock(schema: string): Promise<void> {
  for (;;) {
    const [row] = await query(
      `SELECT count(*)::int FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND query LIKE '%' || $1 || '%'`,
      [schema],
    );
    if (row?.count !== 0) return;
  }
}
