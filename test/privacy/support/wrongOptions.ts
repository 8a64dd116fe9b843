import assert from 'node:assert/strict';
import {
  AgentMirrorMiddleware,
  ConversationTracker,
  HandoverMiddleware,
  HttpCcspBridge,
  healthRoutes,
  WebexConnectAdapter,
  WebexConnectBridge,
} from '../../../src';
import { PostgresStore } from '../../../src/postgres';
import { SqliteStore } from '../../../src/sqlite';
import { SECRETS } from './canaries';

const URL_WITH_SECRETS = `https://${SECRETS.webhookUser}:${SECRETS.webhookPassword}@example.com/${SECRETS.webhookPath}?key=${SECRETS.webhookQuery}`;
const SECRET_PATH = `${SECRETS.webhookPath}?key=${SECRETS.webhookQuery}`;
const BRIDGE_SECRET = `whsec_${SECRETS.bridgeSecret}`;
const DATABASE = `postgres://bot:${SECRETS.databasePassword}@db.example.com/bot`;
const GOOD = { webhookUrl: 'https://example.com' };

const WRONG_URLS: readonly unknown[] = [
  URL_WITH_SECRETS,
  [URL_WITH_SECRETS],
  { url: URL_WITH_SECRETS },
  `http://example.com/${SECRET_PATH}`,
  `ftp://example.com/${SECRET_PATH}`,
  `not a url ${SECRET_PATH}`,
  `https://example.com:port/${SECRET_PATH}`,
];

const WRONG_AUTHENTICATION: readonly unknown[] = [
  SECRETS.accessToken,
  { acessToken: SECRETS.accessToken },
  { accessToken: { value: SECRETS.accessToken } },
  { accessToken: [SECRETS.accessToken, 7] },
  { signatureSecret: { value: SECRETS.signatureSecret } },
  { signatureSecret: [[SECRETS.signatureSecret]] },
  { accessTokenHeaders: SECRETS.accessToken },
];

const WRONG_VERIFICATION: readonly unknown[] = [
  SECRETS.verificationToken,
  { token: [SECRETS.verificationToken] },
  { token: `${SECRETS.verificationToken}\n`, style: 'header' },
  { style: SECRETS.verificationToken },
  { tokens: SECRETS.verificationToken },
];

const AT = { url: 'https://example.com' };

interface WrongOptions {
  readonly Taker: new (...args: never[]) => unknown;
  readonly options: readonly unknown[];
}

/** Options that are wrong and hold a secret. Some a compiler would not let pass; a bot in JavaScript has none. */
const WRONG_OPTIONS: readonly WrongOptions[] = [
  {
    Taker: WebexConnectAdapter,
    options: [
      SECRETS.webhookPath,
      ...WRONG_URLS.map((webhookUrl) => ({ webhookUrl })),
      ...WRONG_AUTHENTICATION.map((authentication) => ({ ...GOOD, authentication })),
      ...WRONG_VERIFICATION.map((verification) => ({ ...GOOD, verification })),
      { ...GOOD, store: `postgres://bot:${SECRETS.databasePassword}@db` },
    ],
  },
  {
    Taker: HttpCcspBridge,
    options: [
      ...WRONG_URLS.map((url) => ({ secret: BRIDGE_SECRET, url })),
      { ...AT, secret: SECRETS.bridgeSecret },
      { ...AT, secret: [BRIDGE_SECRET, SECRETS.bridgeSecret] },
      { ...AT, secret: { value: BRIDGE_SECRET } },
      { ...AT, secret: BRIDGE_SECRET, headers: { 'X-Key': `${SECRETS.bridgeHeader}\n` } },
      { ...AT, secret: BRIDGE_SECRET, headers: { 'webhook-id': SECRETS.bridgeHeader } },
      { ...AT, secret: BRIDGE_SECRET, headers: [SECRETS.bridgeHeader] },
      { ...AT, secrets: BRIDGE_SECRET },
    ],
  },
  { Taker: WebexConnectBridge, options: [{ params: SECRETS.bridgeHeader }] },
  { Taker: HandoverMiddleware, options: [{ bridge: BRIDGE_SECRET }] },
  { Taker: AgentMirrorMiddleware, options: [{ redact: SECRETS.keyOfTheBot }] },
  {
    Taker: PostgresStore,
    options: [
      { connectionString: [DATABASE] },
      { connectionString: DATABASE, schema: `a"${SECRETS.databasePassword}` },
      { connectionString: DATABASE, password: SECRETS.databasePassword },
    ],
  },
  { Taker: SqliteStore, options: [{ path: [SECRETS.keyOfTheBot] }, { file: SECRETS.keyOfTheBot }] },
];

/** Does what a wrong option makes fail. */
export async function takeWrongOptions(onError: (what: string, error: unknown) => void): Promise<void> {
  for (const { Taker, options } of WRONG_OPTIONS) {
    for (const wrong of options) {
      assert.throws(
        () => Reflect.construct(Taker, [wrong]),
        (error) => {
          onError(`new ${Taker.name}`, error);
          return true;
        },
      );
    }
  }
  for (const connectionString of [
    `postgres://bot:${SECRETS.databasePassword}@127.0.0.1:1/bot?application_name=${SECRETS.databasePassword}`,
    `postgres://bot:${SECRETS.databasePassword}@no-such-host.invalid/bot`,
    `postgres://bot:${SECRETS.databasePassword}@[bad/bot`,
    `postgres://bot:${SECRETS.databasePassword}@127.0.0.1:99999999/bot`,
  ]) {
    try {
      const store = new PostgresStore({ connectionString, connectTimeoutMs: 1000 });
      await store.open();
    } catch (error) {
      onError('opening a PostgresStore', error);
    }
  }
  const adapter = new WebexConnectAdapter(GOOD);
  for (const act of [
    () => adapter.use(new ConversationTracker(), new HandoverMiddleware(), new HandoverMiddleware()),
    () => Reflect.apply(healthRoutes, undefined, [adapter, { path: SECRETS.keyOfTheBot }]),
  ]) {
    try {
      act();
    } catch (error) {
      onError('use', error);
    }
  }
}
