import type { ClientConfig } from 'pg';
import type { PostgresStoreSettings } from './postgresStoreOptions';
import { decodeJson, decodeText } from './textCodec';

/** The server is to give up first, for it then says so, and the connection can be used again. */
const GRACE_MS = 2000;

const TEXT_OID = 25;
const BIGINT_OID = 20;
const JSON_OID = 114;

/**
 * What every session of ours is like, sent with the connect so that it costs no round trip. Queues grow from
 * nothing to a hundred thousand rows faster than statistics follow, and every statement of ours has its index, in
 * the order it needs: the planner must not fall for a way that was cheap when it looked, and need not look again at the
 * values of each call.
 */
const SESSION = [
  'enable_seqscan=off',
  'enable_bitmapscan=off',
  'jit=off',
  'plan_cache_mode=force_generic_plan',
  'default_transaction_isolation=read\\ committed',
  'idle_in_transaction_session_timeout=60000',
];

/** How to connect. */
export function connectionSettings(settings: PostgresStoreSettings): ClientConfig {
  return {
    connectionString: settings.connectionString,
    application_name: 'webex-connect',
    connectionTimeoutMillis: settings.connectTimeoutMs,
    statement_timeout: settings.statementTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    options: SESSION.map((setting) => `-c ${setting}`).join(' '),
    types: { getTypeParser },
  };
}

/** When to give up on a server that does not even say that it has given up. */
export function queryTimeoutMs(settings: PostgresStoreSettings): number {
  return settings.statementTimeoutMs + GRACE_MS;
}

/** All of our numbers are milliseconds and counters, far below 2^53. Other types come as text. */
function getTypeParser(oid: number): (text: string) => unknown {
  switch (oid) {
    case BIGINT_OID:
    case 23:
      return Number;
    case 16:
      return (text) => text === 't';
    case JSON_OID:
      return decodeJson;
    case TEXT_OID:
      return decodeText;
    default:
      return (text) => text;
  }
}
