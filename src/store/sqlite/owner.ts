import { hostname } from 'node:os';
import { z } from 'zod';
import type { StoreUser } from '../operatorCommands';
import type { SqliteDriver } from './driver/sqliteDriver';

/** Who owns a database: a bot, or an operator's command while no bot runs. */
export type OwnerRole = StoreUser['role'];

const ownerSchema = z.object({
  role: z.enum(['bot', 'command']),
  host: z.string(),
  pid: z.number(),
  since: z.number(),
});

/** Writes down that this process owns the database now, for people who wonder who does. */
export function noteOwner(driver: SqliteDriver, role: OwnerRole): void {
  driver
    .prepare('INSERT OR REPLACE INTO owner (id, role, host, pid, since) VALUES (1, ?, ?, ?, ?)')
    .run(role, hostname(), process.pid, Date.now());
}

/** Who has owned the database last. Whether it still does, only the lock says. */
export function lastOwner(driver: SqliteDriver): StoreUser | undefined {
  return ownerSchema.safeParse(driver.prepare('SELECT role, host, pid, since FROM owner').get()).data;
}
