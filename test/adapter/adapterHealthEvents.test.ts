import assert from 'node:assert/strict';
import {
  type AdapterListener,
  type DeliveryStore,
  HandoverMiddleware,
  type HealthEvent,
  MemoryStore,
  type WebexConnectAdapter,
  type WebexConnectAdapterOptions,
} from '../../src';
import { incomingMessage, type ManualClock, type MockWebexConnect } from '../../src/testing';
import { AdaptersInTrouble } from '../support/adaptersInTrouble';
import { echo } from '../support/botHost';
import { letEventLoopTurn } from '../support/eventLoop';
import { STORE_SECRET } from '../support/moodyStore';
import { RecordingLogger } from '../support/recordingLogger';
import { ScriptedClient } from '../support/scriptedClient';
import { failed } from '../support/sendOutcomes';
import { SharedStore } from '../support/sharedStore';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe("adapter.on('health')", () => {
  let webex: MockWebexConnect;
  let clock: ManualClock;
  let scene: AdaptersInTrouble;
  let events: HealthEvent[];

  beforeEach(() => {
    scene = new AdaptersInTrouble();
    ({ webex, clock } = scene);
    events = [];
  });
  afterEach(() => scene.stop());

  const makeMoody = (memory?: MemoryStore) => scene.makeStore(memory);
  const make = (options: Partial<WebexConnectAdapterOptions> = {}) =>
    scene.make(options).on('health', (event) => events.push(event));
  const started = async (options: Partial<WebexConnectAdapterOptions> = {}) => {
    const adapter = make(options);
    await adapter.start(echo);
    return adapter;
  };
  const shown = () => events.map(({ subject, level, percent }) => `${subject} ${level} ${percent}`);
  const sayIn = async (adapter: WebexConnectAdapter, ...conversationIds: string[]) => {
    for (const conversationId of conversationIds) {
      await webex.send(adapter, incomingMessage({ conversationId }), echo);
      await adapter.whenIdle();
    }
  };
  /** A store that takes no event, and all else. */
  const refusing = (memory = new MemoryStore()): DeliveryStore => {
    const store = makeMoody(memory);
    store.be('down', 'accept');
    return store.store;
  };

  it('tells of the webhook’s failures on their way up, and of its recovery', async () => {
    const adapter = await started();
    webex.failNext(5, 503);
    await sayIn(adapter, 'C1', 'C2');
    assert.deepEqual(shown(), []);
    await sayIn(adapter, 'C3', 'C4', 'C5');
    assert.deepEqual(shown(), ['webhook warning 50', 'webhook warning 70', 'webhook critical 100']);
    await clock.advance(MINUTE);
    await adapter.whenIdle();
    assert.deepEqual(shown().slice(3), ['webhook recovered 0']);
    const text = JSON.stringify(events);
    assert.equal(text.includes(new URL(webex.webhookUrl).pathname), false, 'the path is a secret (I9)');
  });

  it('tells nothing more while probes of an inactive webhook fail', async () => {
    const adapter = await started();
    webex.failNext(10, 503);
    await sayIn(adapter, 'C1', 'C2', 'C3', 'C4', 'C5');
    for (let probe = 1; probe <= 4; probe++) {
      await clock.advance(MINUTE);
      await webex.waitForRequests(5 + probe);
      await adapter.whenIdle();
    }
    assert.equal(events.length, 3);
  });

  it('tells of a recovery by adapter.reactivate()', async () => {
    const adapter = await started();
    webex.failNext(5, 503);
    await sayIn(adapter, 'C1', 'C2', 'C3', 'C4', 'C5');
    await adapter.reactivate();
    assert.deepEqual(shown().at(-1), 'webhook recovered 0');
  });

  it('repeats nothing after a restart, and tells of what comes on top', async () => {
    const store = new MemoryStore();
    const before = await started({ store });
    webex.failNext(5, 503);
    await sayIn(before, 'C1', 'C2', 'C3', 'C4');
    await before.stop();
    events.length = 0;

    const after = await started({ store });
    await clock.advance(SECOND);
    assert.equal((await after.health()).webhook.consecutiveFailures, 4);
    assert.deepEqual(shown(), []);
    await sayIn(after, 'C5');
    assert.deepEqual(shown(), ['webhook critical 100']);
  });

  it('repeats no threshold after a restart, although there was another failure', async () => {
    const store = new MemoryStore();
    const outbound = { jitter: 0, failuresUntilInactive: 10 };
    const before = await started({ store, outbound });
    webex.failNext(7, 503);
    await sayIn(before, 'C1', 'C2', 'C3', 'C4', 'C5');
    assert.deepEqual(shown(), ['webhook warning 50']);
    await before.stop();
    events.length = 0;
    const after = await started({ store, outbound });
    await sayIn(after, 'C6');
    assert.deepEqual(shown(), []);
    await sayIn(after, 'C7');
    assert.deepEqual(shown(), ['webhook warning 70']);
  });

  it('tells each replica what another has met', async () => {
    const memory = new MemoryStore();
    const [one, other] = [new SharedStore(memory), new SharedStore(memory)];
    const adapter = await started({ store: one.store });
    const heard: string[] = [];
    const replica = make({ store: other.store }).on('health', ({ subject, percent }) =>
      heard.push(`${subject} ${percent}`),
    );
    await replica.start(echo);
    webex.failNext(5, 503);
    await sayIn(adapter, 'C1', 'C2', 'C3', 'C4', 'C5');
    await clock.advance(2 * SECOND);
    assert.deepEqual(heard, ['webhook 100']);
  });

  it('tells of a bridge by its name', async () => {
    const client = new ScriptedClient();
    client.script = () => failed;
    const adapter = make({ outbound: { jitter: 0, failuresUntilInactive: 1 } });
    adapter.use(
      new HandoverMiddleware({
        bridge: { destination: { name: 'centre', createClient: () => client }, compose: () => ({}) },
      }),
    );
    const handingOver: Parameters<WebexConnectAdapter['start']>[0] = async (context) => {
      await context.sendActivity({ type: 'event', name: 'handoff.initiate', value: {} });
    };
    await adapter.start(handingOver);
    await webex.send(adapter, incomingMessage(), handingOver);
    await adapter.whenIdle();
    assert.deepEqual(shown(), ['bridge:centre critical 100']);
    assert.deepEqual(Object.keys((await adapter.health()).bridges), ['centre']);
  });

  it('tells of Webex Connect’s view, and what to do at the limit', async () => {
    const adapter = await started({ store: refusing() });
    for (let failure = 0; failure < 6; failure++) await webex.send(adapter, incomingMessage(), echo);
    await letEventLoopTurn();
    assert.deepEqual(shown(), ['platform warning 50', 'platform warning 70', 'platform critical 100']);
    assert.match(events.at(-1)?.advice ?? '', /edit the integration and verify again/);
    await webex.send(adapter, {}, echo);
    assert.deepEqual(shown().at(-1), 'platform recovered 0');
  });

  it('repeats nothing of Webex Connect’s view after a restart', async () => {
    const memory = new MemoryStore();
    const before = await started({ store: refusing(memory) });
    for (let failure = 0; failure < 4; failure++) await webex.send(before, incomingMessage(), echo);
    await letEventLoopTurn();
    await before.stop();
    events.length = 0;

    const after = await started({ store: refusing(memory) });
    assert.equal((await after.health()).platform.consecutiveFailures, 4);
    assert.deepEqual(shown(), []);
    await webex.send(after, incomingMessage(), echo);
    assert.deepEqual(shown(), ['platform critical 100']);
  });

  it('tells that the store is lost, once, and that it is back', async () => {
    const moody = makeMoody();
    const adapter = await started({ store: moody.store });
    moody.be('down');
    await webex.send(adapter, incomingMessage(), echo);
    await clock.advance(30 * SECOND);
    await webex.send(adapter, incomingMessage(), echo);
    assert.deepEqual(shown(), ['store critical 100']);
    moody.beWell();
    await clock.advance(SECOND);
    assert.deepEqual(shown(), ['store critical 100', 'store recovered 0']);
    assert.equal(JSON.stringify(events).includes(STORE_SECRET), false);
  });

  it('tells nothing of a store that is closed by a stop', async () => {
    const adapter = await started();
    await webex.send(adapter, incomingMessage(), echo);
    const asking = adapter.health();
    await adapter.stop();
    await asking;
    await adapter.health();
    await clock.advance(MINUTE);
    assert.deepEqual(shown(), []);
    assert.equal(clock.nextTimerIn, undefined);
  });

  it('tells of the backlog as it fills and drains, whether or not anybody asks', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const adapter = await started({ inbound: { maxBacklog: 10 } });
    const fill = async (count: number) => {
      for (let event = 0; event < count; event++)
        await webex.send(adapter, incomingMessage(), () => released);
    };
    await fill(6);
    assert.deepEqual(shown(), [], 'it is looked at no more often than every five seconds');
    await clock.advance(5 * SECOND);
    await fill(1);
    await letEventLoopTurn();
    assert.deepEqual(shown(), ['waitingEvents warning 70']);
    await fill(4);
    assert.deepEqual(shown().slice(1), ['waitingEvents critical 100'], 'one was refused');
    await clock.advance(5 * SECOND);
    release();
    await adapter.whenIdle();
    await clock.advance(5 * SECOND);
    await fill(1);
    await adapter.whenIdle();
    await letEventLoopTurn();
    assert.deepEqual(shown().at(-1), 'waitingEvents recovered 0');
  });

  it('tells of silence where traffic is expected', async () => {
    const adapter = await started({ health: { expectTrafficWithinMs: 60 * MINUTE } });
    await webex.send(adapter, incomingMessage(), echo);
    await clock.advance(90 * MINUTE);
    await webex.send(adapter, incomingMessage(), echo);
    assert.deepEqual(shown(), ['traffic critical 100', 'traffic recovered 0']);
    assert.match(events[0]?.advice ?? '', /edit the integration and verify again/);
  });

  it('is harmed by no listener, and logs that one has failed', async () => {
    const logger = new RecordingLogger();
    const adapter = await started({ logger, outbound: { failuresUntilInactive: 1, jitter: 0 } });
    const heard: string[] = [];
    adapter.off('health', () => {});
    adapter.on('health', () => {
      throw new Error('my pager is broken');
    });
    adapter.on('health', async () => Promise.reject(new Error('my pager is broken')));
    adapter.on('health', ({ subject }) => heard.push(subject));
    webex.failNext(1, 503);
    await sayIn(adapter, 'C1');
    assert.deepEqual(heard, ['webhook']);
    assert.equal(logger.texts('error').filter((line) => line.includes("a listener of 'health'")).length, 2);
    assert.equal(logger.text.includes('my pager'), false);
    await clock.advance(MINUTE);
    await adapter.whenIdle();
    assert.equal(webex.replies.length, 1, 'the message was delivered all the same');
  });

  it('can be listened to once, and left', async () => {
    const adapter = await started({ outbound: { failuresUntilInactive: 1, jitter: 0 } });
    const heard: string[] = [];
    const listener: AdapterListener<'health'> = ({ level }) => heard.push(level);
    assert.equal(adapter.once('health', listener), adapter);
    webex.failNext(1, 503);
    await sayIn(adapter, 'C1');
    await adapter.reactivate();
    assert.deepEqual(heard, ['critical']);
    assert.equal(adapter.on('health', listener).off('health', listener), adapter);
    webex.failNext(1, 503);
    await sayIn(adapter, 'C2');
    assert.deepEqual(heard, ['critical']);
    assert.ok(events.length > 1);
  });

  it('refuses an event that there is not, and a listener that is none', () => {
    const adapter = make();
    for (const method of ['on', 'once', 'off'] as const) {
      const call = adapter[method].bind(adapter) as (name: string, listener: unknown) => unknown;
      assert.throws(() => call('helath', () => {}), /There is no event 'helath'/);
    }
    const on = adapter.on.bind(adapter) as (name: string, listener: unknown) => unknown;
    assert.throws(() => on('health', 'x'), /`listener` must be a function/);
  });
});
