import { hostname } from 'node:os';
import { z } from 'zod';
import type { StoreUser } from '../operatorCommands';
import type { Database } from './database';

/** A bot's listening session is named so: the process, and where it runs. */
const NAME = /^webex-connect (\d+)@(.+)$/;

/** How a bot's listening session is named, for people who look at the server's sessions. */
export function sessionName(): string {
  return `webex-connect ${process.pid}@${hostname()}`;
}

/**
 * A lock that every bot shares, held by the session it listens on: the server lifts it with the session, however that
 * ends, so whoever holds it runs. Nobody ever takes it alone, so nobody ever waits for it.
 */
export function attendanceLock(schema: string): string {
  return `webex-connect-bots:${schema}`;
}

const rowShape = z.object({ name: z.string().nullable(), since: z.number().nullable() });

/** The bots that run on a schema. What the user may not see of other users' sessions is left out. */
export async function bots(database: Database, schema: string): Promise<readonly StoreUser[]> {
  const rows = await database.query(
    {
      name: 'bots',
      text: `
        SELECT a.application_name AS name, (extract(epoch FROM a.backend_start) * 1000)::bigint AS since
        FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
          AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
          AND (l.classid::bigint << 32) | l.objid::bigint = hashtextextended($1, 0)
        ORDER BY since, l.pid`,
    },
    [attendanceLock(schema)],
  );
  return z.array(rowShape).parse(rows).map(toUser);
}

function toUser({ name, since }: z.output<typeof rowShape>): StoreUser {
  const [, pid, host] = NAME.exec(name ?? '') ?? [];
  return {
    role: 'bot',
    pid: pid === undefined ? undefined : Number(pid),
    host,
    since: since ?? undefined,
  };
}
