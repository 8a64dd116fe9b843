import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { startEmbeddedPostgres } from '../../samples/support/embeddedPostgres';

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
  const server = await startEmbeddedPostgres();
  cleanUp = () => server.remove();
  return { url: server.url, control: server };
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
