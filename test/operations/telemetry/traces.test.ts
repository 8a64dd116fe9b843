import assert from 'node:assert/strict';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { EventFactory, TurnContext } from 'botbuilder';
import {
  type DeliveryStore,
  HandoverMiddleware,
  HttpCcspBridge,
  MemoryStore,
  type TurnLogic,
  WebexConnectAdapter,
  type WebexConnectAdapterOptions,
  WebexConnectBridge,
} from '../../../src';
import { SqliteStore } from '../../../src/sqlite';
import { incomingMessage, ManualClock, postToBot } from '../../../src/testing';
import { temporaryFiles } from '../../store/sqlite/support/temporaryFolder';
import { echo } from '../../support/botHost';
import { makePostgresStore, newSchema, ON_MANUAL_TIME } from '../../support/postgresStores';
import { present } from '../../support/present';
import { eventually } from '../../support/scene';
import { ScriptedWebhook } from '../../support/scriptedWebhook';
import { SpanRecorder } from '../../support/spanRecorder';
import { HOUR, MINUTE, SECOND } from '../../support/storeSamples';

const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const TRACEPARENT = `00-${CALLER.traceId}-${CALLER.spanId}-01`;
const SECRET = `whsec_${Buffer.from('a secret of contact centres').toString('base64')}`;

/** Opens what the one before it has left. */
type OpenStores = () => () => DeliveryStore | Promise<DeliveryStore>;

const temporaryFile = temporaryFiles();
const onMemory: OpenStores = () => {
  const store = new MemoryStore();
  return () => store;
};
const onSqlite: OpenStores = () => {
  const path = temporaryFile();
  return () => new SqliteStore(path);
};
const onPostgres: OpenStores = () => {
  const schema = newSchema();
  return () => makePostgresStore({ schema, maxConnections: 4 }, ON_MANUAL_TIME);
};

const failing: TurnLogic = async () => {
  throw new Error('my card number is 4111');
};

for (const [engine, open] of [
  ['memory', onMemory],
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
] as const) {
  describe(`A trace on ${engine}`, () => {
    let recorder: SpanRecorder;
    let webhook: ScriptedWebhook;
    let clock: ManualClock;
    let openStore: ReturnType<OpenStores>;
    const adapters: WebexConnectAdapter[] = [];

    beforeEach(async () => {
      recorder = SpanRecorder.install();
      webhook = await ScriptedWebhook.listen();
      clock = new ManualClock();
      openStore = open();
    });
    afterEach(async () => {
      for (const adapter of adapters.splice(0)) await adapter.stop();
      await webhook.close();
      recorder.uninstall();
    });

    async function begin(
      logic: TurnLogic = echo,
      options: Partial<WebexConnectAdapterOptions> = {},
    ): Promise<WebexConnectAdapter> {
      const adapter = new WebexConnectAdapter({
        webhookUrl: webhook.url,
        store: await openStore(),
        clock,
        shutdownMs: 0,
        outbound: { jitter: 0 },
        ...options,
      });
      adapters.push(adapter);
      const centre = new HttpCcspBridge({ url: webhook.url, secret: SECRET });
      adapter.use(new HandoverMiddleware({ bridge: [new WebexConnectBridge(), centre] }));
      await adapter.start(logic);
      return adapter;
    }

    /** The platform POSTs a message, and everything that comes of it happens. */
    async function say(
      adapter: WebexConnectAdapter,
      logic: TurnLogic = echo,
      headers: Record<string, string> = { traceparent: TRACEPARENT },
    ): Promise<void> {
      const { status } = await postToBot(adapter, incomingMessage('hi'), logic, headers);
      assert.equal(status, 200);
      await adapter.whenIdle();
    }

    async function later(adapter: WebexConnectAdapter, milliseconds: number, spans: number): Promise<void> {
      await clock.advance(milliseconds);
      await ended(adapter, spans);
    }

    /** A database answers in its own time: what is due may be found with one of the next looks. */
    async function ended(adapter: WebexConnectAdapter, spans: number): Promise<void> {
      await adapter.whenIdle();
      await eventually(`${spans} spans have ended`, async () => {
        if (recorder.spans.length >= spans) return true;
        await clock.advance(SECOND);
        await adapter.whenIdle();
        return false;
      });
    }

    /** Ends the process, as far as the adapter is concerned, and begins the next. */
    async function restart(
      adapter: WebexConnectAdapter,
      logic: TurnLogic = echo,
    ): Promise<WebexConnectAdapter> {
      let hasStopped = false;
      const stopping = adapter.stop().then(() => {
        hasStopped = true;
      });
      await eventually('the adapter has stopped', async () => {
        await clock.advance(0);
        return hasStopped;
      });
      await stopping;
      const heir = await begin(logic);
      await heir.whenIdle();
      return heir;
    }

    const traces = () => new Set(recorder.spans.map((span) => span.spanContext().traceId));

    it('goes from the event through the turn and what the bot does in it to the delivery', async () => {
      const logic: TurnLogic = (context) =>
        trace.getTracer('bot').startActiveSpan('look something up', async (span) => {
          await echo(context);
          span.end();
        });
      await say(await begin(logic), logic);
      assert.deepEqual(recorder.tree, [
        'receive stored',
        '  turn #1 completed',
        '    look something up',
        '      send #1 accepted 200',
      ]);
      assert.deepEqual([...traces()], [CALLER.traceId]);
      const receive = present(recorder.named('webex_connect receive')[0]);
      assert.equal(receive.parentSpanContext?.spanId, CALLER.spanId);
    });

    it('is sent along with the message, as the span of the attempt', async () => {
      await say(await begin());
      const [send] = recorder.named('webex_connect send');
      const { traceId, spanId } = present(send).spanContext();
      assert.equal(webhook.posts[0]?.headers.traceparent, `00-${traceId}-${spanId}-01`);
    });

    it('holds what an instrumented HTTP client does for an attempt', async () => {
      const adapter = await begin(echo, {
        outbound: {
          judgeAnswer: () => {
            trace.getTracer('http').startSpan('POST').end();
            return 'accepted';
          },
        },
      });
      await say(adapter);
      assert.deepEqual(recorder.tree.slice(2), ['    send #1 accepted 200', '      POST']);
    });

    it('begins with an event that names none, each its own', async () => {
      const adapter = await begin();
      await say(adapter, echo, {});
      await say(adapter, echo, {});
      assert.equal(traces().size, 2);
      assert.deepEqual(recorder.tree, [
        ...['receive stored', '  turn #1 completed', '    send #1 accepted 200'],
        ...['receive stored', '  turn #1 completed', '    send #1 accepted 200'],
      ]);
    });

    it('has one span per attempt to send, each under what sends it', async () => {
      const adapter = await begin();
      const answers = [500, 0, 200];
      webhook.answer = () => answers.shift() ?? 200;
      await say(adapter);
      await later(adapter, 5 * SECOND, 4);
      await later(adapter, MINUTE, 5);
      assert.deepEqual(recorder.tree, [
        'receive stored',
        '  turn #1 completed',
        '    send #1 failed 500',
        '    send #2 failed',
        '    send #3 accepted 200',
      ]);
      const sends = recorder.named('webex_connect send');
      assert.deepEqual(
        sends.map(({ attributes }) => attributes['webex_connect.ambiguous']),
        [false, true, false],
      );
      assert.deepEqual(
        webhook.posts.map(({ headers }) => headers.traceparent),
        sends.map((span) => `00-${CALLER.traceId}-${span.spanContext().spanId}-01`),
      );
    });

    it('goes on after a restart, with the turn that was cut off and the message that was refused', async () => {
      let hasBegun = false;
      const never: TurnLogic = () => {
        hasBegun = true;
        return new Promise(() => {});
      };
      const cutOff = await begin(never);
      await postToBot(cutOff, incomingMessage('hi'), never, { traceparent: TRACEPARENT });
      await eventually('the turn has begun', () => hasBegun);
      webhook.answer = () => 503;
      const heir = await restart(cutOff);
      await ended(heir, 3);
      webhook.answer = () => 200;
      const last = await restart(heir);
      await later(last, 5 * SECOND, 4);
      assert.deepEqual(recorder.tree, [
        'receive stored',
        '  turn #2 completed',
        '    send #1 failed 503',
        '    send #2 accepted 200',
      ]);
      assert.deepEqual([...traces()], [CALLER.traceId]);
    });

    it('has one span per run of a turn, in quarantine’s replay as well', async () => {
      const adapter = await begin(failing);
      await say(adapter, failing);
      await later(adapter, SECOND, 3);
      await later(adapter, SECOND, 4);
      const [item] = await adapter.quarantine.list();
      const heir = await restart(adapter);
      await heir.quarantine.replay(present(item).id);
      await heir.whenIdle();
      assert.deepEqual(recorder.tree, [
        'receive stored',
        '  turn #1 failed',
        '  turn #2 failed',
        '  turn #3 failed',
        '  turn #1 completed',
        '    send #1 accepted 200',
      ]);
      assert.deepEqual([...traces()], [CALLER.traceId]);
    });

    it('holds what a dead letter was told as, and its replay', async () => {
      webhook.answer = () => 400;
      const telling: TurnLogic = async (context) => {
        if (context.activity.name === 'webexConnect.deliveryFailed') {
          trace.getTracer('bot').startSpan('told').end();
        } else {
          await echo(context);
        }
      };
      const adapter = await begin(telling);
      await say(adapter, telling);
      webhook.answer = () => 200;
      const heir = await restart(adapter, telling);
      const [letter] = await heir.deadLetters.list();
      await heir.deadLetters.replay(present(letter).id);
      await heir.whenIdle();
      assert.deepEqual(recorder.tree, [
        'receive stored',
        '  turn #1 completed',
        '    send #1 refused 400',
        '    turn #1 completed',
        '      told',
        '    send #1 accepted 200',
      ]);
      assert.deepEqual([...traces()], [CALLER.traceId]);
    });

    it('of a proactive message is the caller’s, or a new one', async () => {
      let reference: ReturnType<typeof TurnContext.getConversationReference> | undefined;
      const logic: TurnLogic = async (context) => {
        reference = TurnContext.getConversationReference(context.activity);
      };
      const adapter = await begin(logic);
      await say(adapter, logic);
      recorder.clear();
      await trace.getTracer('job').startActiveSpan('nightly job', async (span) => {
        await adapter.continueConversation(present(reference), async (context) => {
          await context.sendActivity('your parcel is there');
        });
        span.end();
      });
      await adapter.whenIdle();
      await adapter.continueConversationAsync('app', present(reference), async (context) => {
        await context.sendActivity('and another');
      });
      await adapter.whenIdle();
      assert.deepEqual(recorder.tree, [
        'nightly job',
        '  turn completed',
        '    send #1 accepted 200',
        'turn completed',
        '  send #1 accepted 200',
      ]);
      assert.equal(traces().size, 2);
      const [turn] = recorder.named('webex_connect turn');
      assert.equal(present(turn).attributes['webex_connect.event.source'], 'proactive');
    });

    it('of a handover goes to every destination, and into what the bot is told of it', async () => {
      webhook.answer = ({ body }) => (body.eventid === '1002' ? 400 : 200);
      const logic: TurnLogic = async (context) => {
        if (context.activity.type !== 'message') return;
        await context.sendActivity('one moment');
        await context.sendActivity(EventFactory.createHandoffInitiation(context, { topic: 'billing' }));
      };
      const adapter = await begin(logic);
      await say(adapter, logic);
      await restart(adapter, logic);
      const sends = recorder.named('webex_connect send');
      assert.deepEqual(sends.map(({ attributes }) => attributes['messaging.destination.name']).sort(), [
        'contact-centre',
        'webhook',
        'webhook',
      ]);
      const sources = recorder
        .named('webex_connect turn')
        .map(({ attributes }) => attributes['webex_connect.event.source']);
      assert.deepEqual(sources.sort(), ['deliveryFailed', 'handoffStatus', 'platform']);
      assert.deepEqual([...traces()], [CALLER.traceId]);
      for (const { headers } of webhook.posts) assert.match(String(headers.traceparent), /^00-0af7651916cd/);
    });

    it('is stamped by the adapter’s clock', async () => {
      const slow: TurnLogic = async (context) => {
        await clock.advance(3 * SECOND);
        await echo(context);
      };
      const adapter = await begin(slow);
      const begun = clock.now();
      await say(adapter, slow);
      const [turn] = recorder.named('webex_connect turn');
      assert.deepEqual(present(turn).startTime, [begun / 1000, 0]);
      assert.deepEqual(present(turn).duration, [3, 0]);
    });

    it('says what the conventions have words for, and neither texts nor addresses (I9)', async () => {
      const adapter = await begin(failing);
      await say(adapter, failing);
      const heir = await restart(adapter);
      await later(heir, HOUR, 4);
      const events = recorder.named('webex_connect turn');
      const [failed, completed] = events;
      assert.deepEqual(present(failed).attributes, {
        'messaging.system': 'webex_connect',
        'messaging.operation.type': 'process',
        'messaging.message.id': present(completed).attributes['messaging.message.id'],
        'messaging.message.conversation_id': 'CONV-test-1',
        'webex_connect.event.source': 'platform',
        'webex_connect.attempt': 1,
        'webex_connect.outcome': 'failed',
        'error.type': 'Error',
      });
      assert.deepEqual(present(failed).status, { code: SpanStatusCode.ERROR, message: 'the turn failed' });
      assert.deepEqual(kindsOf(recorder.spans), {
        'webex_connect receive': SpanKind.CONSUMER,
        'webex_connect turn': SpanKind.CONSUMER,
        'webex_connect send': SpanKind.PRODUCER,
      });
      const shown = JSON.stringify(
        recorder.spans.map(({ name, attributes, status, events, links }) => ({
          name,
          attributes,
          status,
          events,
          links,
        })),
      );
      for (const secret of ['4111', 'Echo', '127.0.0.1', 'secret-path']) {
        assert.ok(!shown.includes(secret), `${secret} is shown`);
      }
    });
  });
}

function kindsOf(spans: readonly ReadableSpan[]): Record<string, SpanKind> {
  return Object.fromEntries(spans.map(({ name, kind }) => [name, kind]));
}
