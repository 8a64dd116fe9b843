import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';
import { z } from 'zod';

/** What a PostgreSQL server has done since it was started. */
export interface ServerUsage {
  /** Of all its processes; unknown when they are not here to be looked at. */
  readonly cpuMs: number | undefined;
  readonly walBytes: number;
  /** Those that have written something. */
  readonly transactions: number;
}

/** The kernel tells processes' times in hundredths of a second, whatever its own clock is. */
const TICK_MS = 10;

/** Counted by the server itself at this moment: its statistics lag behind. */
const COUNTERS = `
  SELECT pg_backend_pid() AS pid, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS "walBytes",
    pg_snapshot_xmax(pg_current_snapshot())::text::float8 AS transactions`;

const countersShape = z.object({ pid: z.number(), walBytes: z.number(), transactions: z.number() });

/** Looks at a PostgreSQL server from outside. */
export class DatabaseServer {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async connect(url: string): Promise<DatabaseServer> {
    const client = new Client({ connectionString: url });
    await client.connect();
    return new DatabaseServer(client);
  }

  async usage(): Promise<ServerUsage> {
    const { rows } = await this.#client.query(COUNTERS);
    const { pid, walBytes, transactions } = countersShape.parse(rows[0]);
    return { cpuMs: cpuMsOfServer(pid), walBytes, transactions };
  }

  /** Does at once what the server would have done by itself, a while after it was written to. */
  async tidyUp(): Promise<void> {
    await this.#client.query('VACUUM (ANALYZE)');
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}

interface ProcessTimes {
  readonly name: string;
  readonly parent: number;
  readonly ownMs: number;
  /** Of its children that have ended. */
  readonly endedMs: number;
}

/** @param pid One of the server's sessions. */
function cpuMsOfServer(pid: number): number | undefined {
  const server = timesOf(pid)?.parent;
  const own = server === undefined ? undefined : timesOf(server);
  // With a server elsewhere, the number is that of somebody else's process or of none.
  if (own === undefined || !own.name.startsWith('postgres')) return undefined;
  const children = readdirSync('/proc').flatMap((name) => timesOf(Number(name)) ?? []);
  return children
    .filter(({ parent }) => parent === server)
    .reduce((sum, { ownMs }) => sum + ownMs, own.ownMs + own.endedMs);
}

function timesOf(pid: number): ProcessTimes | undefined {
  if (!Number.isInteger(pid)) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name may hold anything, and stands in brackets.
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    const ticks = (first: number) => Number(fields[first]) + Number(fields[first + 1]);
    return {
      name: stat.slice(stat.indexOf('(') + 1, end),
      parent: Number(fields[1]),
      ownMs: ticks(11) * TICK_MS,
      endedMs: ticks(13) * TICK_MS,
    };
  } catch {
    // It has ended, or there is no such folder on this system.
    return undefined;
  }
}
