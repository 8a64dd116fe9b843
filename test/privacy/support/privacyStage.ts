import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { createBotServer } from '../../../samples/support/createBotServer';
import {
  AgentMirrorMiddleware,
  ConversationTracker,
  type DeliveryStore,
  HandoverMiddleware,
  HttpCcspBridge,
  WebexConnectAdapter,
  WebexConnectBridge,
} from '../../../src';
import { PostgresStore } from '../../../src/postgres';
import type { JsonObject } from '../../../src/protocol/json';
import { SqliteStore } from '../../../src/sqlite';
import { portOf } from '../../support/fakeWebhook';
import { interceptStore } from '../../support/interceptStore';
import { type LogLine, RecordingLogger } from '../../support/recordingLogger';
import { eventually } from '../../support/scene';
import { SECRETS, WORDS } from './canaries';
import { CruelWebhook } from './cruelWebhook';
import { DriverError } from './driverError';
import type { Engine } from './engines';
import type { Evidence } from './evidence';
import { indiscreetBot } from './indiscreetBot';

export const CENTRE = 'centre';
const BRIDGE_PATH = '/centre';

/** How a request differs from one of the platform's. */
export interface Strangeness {
  readonly method?: string;
  readonly token?: string;
  readonly signature?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A bot with everything switched on, and a witness who writes down all that it shows to anybody. */
export class PrivacyStage {
  readonly webhook: CruelWebhook;
  readonly engine: Engine;
  readonly evidence: Evidence;
  /** Methods of the store that fail the next time they are called, as drivers fail: quoting what they were given. */
  readonly failing = new Set<string>();
  /** Every method that was called, and every one that has failed. */
  readonly called = new Set<string>();
  readonly failed = new Set<string>();
  /** Whether a turn has begun that never ends. The next time it ends at once. */
  hasHung = false;
  adapter: WebexConnectAdapter | undefined;
  readonly #bot: ReturnType<typeof indiscreetBot>;
  #store: DeliveryStore | undefined;
  #servers: Server[] = [];

  private constructor(webhook: CruelWebhook, engine: Engine, evidence: Evidence) {
    this.webhook = webhook;
    this.engine = engine;
    this.evidence = evidence;
    this.#bot = indiscreetBot(evidence, () => this.#hang());
  }

  static async open(engine: Engine, evidence: Evidence): Promise<PrivacyStage> {
    return new PrivacyStage(await CruelWebhook.listen(), engine, evidence);
  }

  get running(): WebexConnectAdapter {
    if (this.adapter === undefined) throw new Error('The bot is not running.');
    return this.adapter;
  }

  /** Where the bot hears the platform, and where on-call looks. */
  get urls(): { readonly endpoint: string; readonly operations: string } {
    const [endpoint, operations] = this.#servers.map((server) => `http://127.0.0.1:${portOf(server)}`);
    return { endpoint: `${endpoint}/api/webex-connect`, operations: operations ?? '' };
  }

  get webhookUrl(): string {
    return `http://127.0.0.1:${this.webhook.port}/${SECRETS.webhookPath}?key=${SECRETS.webhookQuery}`;
  }

  /** A life of the bot: on the same store as the one before. */
  async start(failuresUntilInactive: number): Promise<void> {
    const logic = this.#bot;
    const adapter = this.#makeAdapter(failuresUntilInactive);
    this.adapter = adapter;
    const endpoint = createServer(async (request, response) => {
      // As a body parser does that has read what it should have left alone.
      if (request.headers['x-parsed'] !== undefined) {
        Object.assign(request, { body: JSON.parse(await readText(request)) });
      }
      await adapter.process(request, response, logic);
    });
    const operations = createBotServer(adapter, logic);
    operations.listen(0, '127.0.0.1');
    await once(operations, 'listening');
    endpoint.listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    this.#servers = [endpoint, operations.server];
    await this.#startAtLast(adapter);
  }

  /** Its store cannot be opened at first, and whoever looks is told. */
  async #startAtLast(adapter: WebexConnectAdapter): Promise<void> {
    this.failing.add('open');
    await assert.rejects(adapter.start(this.#bot), DriverError);
    await this.#lookAtHealth();
    await adapter.start(this.#bot);
  }

  #hang(): Promise<void> {
    if (this.hasHung) return Promise.resolve();
    this.hasHung = true;
    return new Promise(() => {});
  }

  #makeAdapter(failuresUntilInactive: number): WebexConnectAdapter {
    const adapter = new WebexConnectAdapter({
      webhookUrl: this.webhookUrl,
      store: this.#makeStore(),
      verification: { token: SECRETS.verificationToken },
      authentication: {
        accessToken: [SECRETS.accessToken, SECRETS.oldAccessToken],
        signatureSecret: [SECRETS.signatureSecret, SECRETS.oldSignatureSecret],
        isAllowed: ({ headers }) => {
          if (headers['x-undecided'] !== undefined) throw new Error(String(headers['x-undecided']));
          return headers['x-banned'] === undefined;
        },
      },
      inbound: { bodyLimitBytes: 64 * 1024 },
      turns: { maxAttempts: 2, retryDelayMs: 1 },
      outbound: {
        timeoutMs: 500,
        retryDelaysMs: [5],
        jitter: 0,
        failuresUntilInactive,
        probeAfterMs: 60_000,
        judgeAnswer: ({ body }) => {
          if (body.includes('fateOdd')) throw new Error(body);
          return 'accepted';
        },
        platformMessageId: (body) => {
          if (body.includes('fateOdd')) throw new Error(body);
          return undefined;
        },
      },
      translation: {
        decodeMedia: (media) => {
          const text = JSON.stringify(media);
          if (text.includes('undecodable')) throw new Error(`${WORDS.error} in ${text}`);
          return undefined;
        },
      },
      logger: this.#makeLogger(),
      leaseMs: 2000,
      pollMs: 50,
      shutdownMs: 100,
    });
    adapter.use(
      new ConversationTracker(),
      new HandoverMiddleware({
        bridge: [new WebexConnectBridge(), this.#makeBridge()],
        isAgentClose: (event) => {
          throw new Error(`${WORDS.error} ${JSON.stringify(event)}`);
        },
      }),
      new AgentMirrorMiddleware({
        redact: ({ text }) => {
          if (text.includes('unredactable')) throw new Error(text);
          return text;
        },
      }),
    );
    adapter.on('health', (event) => {
      this.evidence.add('health event', `${JSON.stringify(event)} ${inspect(event, { depth: 20 })}`);
      throw new Error(WORDS.error);
    });
    return adapter;
  }

  #makeBridge(): HttpCcspBridge {
    return new HttpCcspBridge({
      url: `http://127.0.0.1:${this.webhook.port}${BRIDGE_PATH}?key=${SECRETS.bridgeQuery}`,
      secret: `whsec_${SECRETS.bridgeSecret}`,
      headers: { 'X-Api-Key': SECRETS.bridgeHeader },
      name: CENTRE,
    });
  }

  #makeStore(): DeliveryStore {
    this.#store = this.engine.openStore();
    return interceptStore(this.#store, async (method, run) => {
      this.called.add(method);
      if (!this.failing.delete(method)) return run();
      this.failed.add(method);
      throw new DriverError();
    });
  }

  #makeLogger(): RecordingLogger {
    const logger = new RecordingLogger();
    const { lines } = logger;
    const push = lines.push.bind(lines);
    lines.push = (...added: LogLine[]) => {
      for (const line of added) {
        const permission = line.level === 'debug' ? 'words' : 'nothing';
        this.evidence.add(`log line at ${line.level}`, JSON.stringify(line), permission);
      }
      return push(...added);
    };
    return logger;
  }

  /** An event of the platform, or something that passes for one. @returns The answer's status. */
  async post(body: JsonObject | string | Uint8Array, strange: Strangeness = {}): Promise<number> {
    const bytes =
      typeof body === 'string' || body instanceof Uint8Array
        ? Buffer.from(body)
        : Buffer.from(JSON.stringify(body));
    const { method = 'POST', token = SECRETS.accessToken } = strange;
    const signature = createHmac('sha256', SECRETS.oldSignatureSecret).update(bytes).digest('hex');
    const response = await fetch(this.urls.endpoint, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'x-hub-signature': strange.signature ?? signature,
        ...strange.headers,
      },
      ...(method === 'POST' && { body: bytes }),
    });
    const text = `${JSON.stringify([...response.headers])} ${await response.text()}`;
    // Who may call is given the Verification Token: that is what it is for.
    const mayCall = response.status !== 401 && response.status !== 403 && response.status !== 405;
    this.evidence.add(`answer ${response.status}`, text, mayCall ? ['verificationToken'] : 'nothing');
    return response.status;
  }

  /** Writes what a bot keeps of a customer, where the store is also a `Storage`. */
  async keepBotState(state: object): Promise<void> {
    const store = this.#store;
    if (!(store instanceof SqliteStore || store instanceof PostgresStore)) return;
    await store.write({ 'users/1': state }).catch((error) => this.evidence.addError('error of write', error));
  }

  /** Nothing moves any more. */
  async settled(): Promise<void> {
    await eventually('nothing waits', async () => {
      await this.running.whenIdle();
      const { store } = await this.running.health();
      return store?.waitingEvents === 0 && store.waitingMessages === 0;
    });
  }

  /** Looks at all that on-call may look at. */
  async lookAround(): Promise<void> {
    const { evidence, running: adapter } = this;
    await this.#lookAtHealth();
    // Their bodies are what they are for.
    for (const { body: _body, ...letter } of await adapter.deadLetters.list()) {
      evidence.add('dead letter', JSON.stringify(letter));
    }
    for (const item of await adapter.quarantine.list()) {
      evidence.add('quarantined', JSON.stringify({ ...item, body: '', details: '', event: '' }));
    }
    for (const { customParams: _params, ...record } of await adapter.conversations.list()) {
      evidence.add('conversation record', JSON.stringify(record));
    }
  }

  async #lookAtHealth(): Promise<void> {
    const { evidence, running: adapter } = this;
    for (const path of ['/metrics', '/health/live', '/health/ready', '/health/none']) {
      const response = await fetch(`${this.urls.operations}${path}`);
      evidence.add(path, `${JSON.stringify([...response.headers])} ${await response.text()}`);
    }
    const health = await adapter.health();
    evidence.add('adapter.health()', `${JSON.stringify(health)} ${inspect(health, { depth: 20 })}`);
    evidence.add('inspected adapter', inspect(adapter, { depth: 20, showHidden: true }));
  }

  async stop(): Promise<void> {
    try {
      await this.running.stop();
    } finally {
      this.adapter = undefined;
      for (const server of this.#servers.splice(0)) {
        server.closeAllConnections();
        server.close();
      }
    }
  }

  async close(): Promise<void> {
    if (this.adapter !== undefined) await this.stop();
    await this.webhook.close();
  }

  /** Looks at all that the bot has sent so far. */
  lookAtPosts(): void {
    for (const { path, text } of this.webhook.received) {
      const isBridges = path === BRIDGE_PATH;
      this.evidence.add(`sent to the ${isBridges ? 'bridge' : 'webhook'}`, withoutWords(text, isBridges));
    }
  }
}

/** Whoever is sent a message may read it, and a bridge is sent its key. */
function withoutWords(text: string, isBridges: boolean): string {
  const expected = isBridges ? [...Object.values(WORDS), SECRETS.bridgeHeader] : Object.values(WORDS);
  return expected.reduce((rest, word) => rest.replaceAll(word, ''), text);
}
