import assert from 'node:assert/strict';
import {
  type DeliveryStore,
  HandoverMiddleware,
  MemoryStore,
  type WebexConnectAdapter,
  type WebexConnectAdapterOptions,
} from '../../src';
import { SqliteStore } from '../../src/sqlite';
import { incomingMessage, type ManualClock, type MockWebexConnect } from '../../src/testing';
import { SpiedDriver } from '../store/sqlite/support/spiedDriver';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { AdaptersInTrouble } from '../support/adaptersInTrouble';
import { echo } from '../support/botHost';
import { letEventLoopTurn } from '../support/eventLoop';
import { STORE_SECRET } from '../support/moodyStore';
import { eventually } from '../support/scene';
import { ScriptedClient } from '../support/scriptedClient';

const SECOND = 1000;
const DOWN = 'StoreUnavailableError WEBEX_CONNECT_STORE_UNAVAILABLE';

describe('adapter.health()', () => {
  const temporaryFile = temporaryFiles();
  let webex: MockWebexConnect;
  let clock: ManualClock;
  let scene: AdaptersInTrouble;

  beforeEach(() => {
    scene = new AdaptersInTrouble();
    ({ webex, clock } = scene);
  });
  afterEach(() => scene.stop());

  const makeMoody = (memory?: MemoryStore) => scene.makeStore(memory);
  const make = (options: Partial<WebexConnectAdapterOptions> = {}) => scene.make(options);
  const started = async (options: Partial<WebexConnectAdapterOptions> = {}) => {
    const adapter = make(options);
    await adapter.start(echo);
    return adapter;
  };
  const reasonsOf = async (adapter: WebexConnectAdapter) => (await adapter.health()).reasons;

  it('fails before the start, passes after it, and fails from the moment of the stop', async () => {
    const adapter = make();
    assert.deepEqual(await reasonsOf(adapter), ['the adapter is not started: call adapter.start(logic)']);
    const starting = adapter.start(echo);
    assert.deepEqual(await reasonsOf(adapter), ['the adapter is starting']);
    await starting;
    assert.equal((await adapter.health()).status, 'pass');
    const stopping = adapter.stop();
    assert.deepEqual(await reasonsOf(adapter), ['the adapter is stopping']);
    await stopping;
    assert.deepEqual(await reasonsOf(adapter), ['the adapter was stopped']);
  });

  it('passes when the first request has started the adapter', async () => {
    const adapter = make();
    await webex.send(adapter, incomingMessage(), echo);
    assert.equal((await adapter.health()).status, 'pass');
  });

  it('says why the adapter could not be started, and passes when it could after all', async () => {
    const moody = makeMoody();
    const adapter = make({ store: moody.store });
    moody.be('down');
    await assert.rejects(adapter.start(echo));
    assert.deepEqual(await reasonsOf(adapter), [`the adapter could not be started: ${DOWN}`]);
    moody.beWell();
    await adapter.start(echo);
    assert.deepEqual(await reasonsOf(adapter), []);
  });

  it('does not run after a stop that came during the start', async () => {
    const adapter = make();
    const starting = adapter.start(echo);
    await adapter.stop();
    await starting;
    assert.deepEqual(await reasonsOf(adapter), ['the adapter was stopped']);
  });

  it('takes two seconds at most when the store hangs, and no time when it is known to', async () => {
    const moody = makeMoody();
    const adapter = await started({ store: moody.store });
    moody.be('hanging');
    const asking = adapter.health();
    await clock.advance(2 * SECOND);
    const health = await asking;
    assert.equal(health.status, 'fail');
    assert.match(
      health.reasons[0] ?? '',
      /^the store does not answer: no answer within 2000 ms \(since 2026/,
    );
    assert.equal(health.store, undefined);
    assert.equal((await adapter.health()).status, 'fail');
    moody.beWell();
    await clock.advance(SECOND);
    assert.equal((await adapter.health()).status, 'pass');
  });

  it('asks the store no more than ten times a second in a storm, and is not behind otherwise', async () => {
    const moody = makeMoody();
    const adapter = await started({ store: moody.store });
    for (let ask = 0; ask < 500; ask++) await adapter.health();
    assert.ok(moody.callsOf('stats') <= 11, `${moody.callsOf('stats')} questions`);
    await clock.advance(SECOND);
    webex.failNext(1, 400);
    await webex.send(adapter, incomingMessage(), echo);
    await adapter.whenIdle();
    assert.deepEqual(await reasonsOf(adapter), ['1 dead letter']);
  });

  it('knows that the store is lost without being asked, and when it is back', async () => {
    const moody = makeMoody();
    const adapter = await started({ store: moody.store });
    moody.be('down');
    assert.equal((await webex.send(adapter, incomingMessage(), echo)).status, 503);
    await letEventLoopTurn();
    moody.beWell();
    const health = await adapter.health();
    assert.equal(health.reach.kind, 'unreachable');
    assert.equal(JSON.stringify(health).includes(STORE_SECRET), false);
    await clock.advance(SECOND);
    assert.equal((await adapter.health()).reach.kind, 'reachable');
  });

  it('knows it too when the delivery meets it', async () => {
    const moody = makeMoody();
    const adapter = await started({ store: moody.store });
    moody.be('down', 'settleSend', 'updateHealth');
    await webex.send(adapter, incomingMessage(), echo);
    await eventually('the store is lost', async () => {
      await clock.advance(SECOND);
      return (await adapter.health()).reach.kind === 'unreachable';
    });
    moody.beWell();
    await clock.advance(10 * SECOND);
    await adapter.whenIdle();
    assert.equal((await adapter.health()).status, 'pass');
  });

  for (const [trouble, begin, end] of [
    ['the disk is full', 'PRAGMA max_page_count = 1', 'PRAGMA max_page_count = 1000000'],
    ['the database is read-only', 'PRAGMA query_only = 1', 'PRAGMA query_only = 0'],
  ] as const) {
    it(`fails while ${trouble}, although it can be read`, async () => {
      const spied = new SpiedDriver();
      const adapter = await started({ store: new SqliteStore(temporaryFile(), { openDriver: spied.open }) });
      assert.equal((await adapter.health()).status, 'pass');
      spied.driver.exec(begin);
      const answer = await webex.send(adapter, incomingMessage('x'.repeat(100_000)), echo);
      assert.equal(answer.status, 503);
      await clock.advance(100);
      if (trouble === 'the database is read-only') assert.equal((await adapter.health()).status, 'fail');
      spied.driver.exec(end);
      // The disk takes its own time, whatever the clock says.
      await eventually('the store is back', async () => {
        await clock.advance(SECOND);
        return (await adapter.health()).reach.kind === 'reachable';
      });
      assert.equal((await adapter.health()).platform.consecutiveFailures, 1);
    });
  }

  it('remembers Webex Connect’s view over a restart on SQLite', async () => {
    const path = temporaryFile();
    const adapter = await started({ store: new SqliteStore(path), inbound: { maxBacklog: 1 } });
    const stuck = () => new Promise<void>(() => {});
    await webex.send(adapter, incomingMessage('waits'), stuck);
    for (let failure = 0; failure < 4; failure++) {
      assert.equal((await webex.send(adapter, incomingMessage(), stuck)).status, 503);
    }
    await letEventLoopTurn();
    const { failingSince } = (await adapter.health()).platform;
    const stopping = adapter.stop();
    await clock.advance(60 * SECOND);
    await stopping;

    const heir = await started({ store: new SqliteStore(path) });
    const { platform, reasons } = await heir.health();
    assert.equal(platform.consecutiveFailures, 4);
    assert.equal(platform.failingSince, failingSince);
    assert.match(reasons[0] ?? '', /^4 of 5 consecutive failures until Webex Connect/);
    await webex.send(heir, incomingMessage(), echo);
    assert.equal((await heir.health()).platform.consecutiveFailures, 0);
  });

  it('starts although what it remembers cannot be read, in two seconds at most', async () => {
    const moody = makeMoody();
    const store: DeliveryStore = new Proxy(moody.store, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (name !== 'loadHealth' || typeof method !== 'function') return method;
        return (destination: string) =>
          destination.startsWith('@') ? new Promise(() => {}) : Reflect.apply(method, target, [destination]);
      },
    });
    const adapter = make({ store });
    assert.equal((await webex.send(adapter, incomingMessage(), echo)).status, 200, 'no event waits for it');
    const starting = adapter.start(echo);
    await clock.advance(2 * SECOND);
    await starting;
    assert.equal((await adapter.health()).status, 'pass');
  });

  it('lists none of its own notes as a bridge, and lets no bridge take their names', async () => {
    const adapter = await started();
    const store = new MemoryStore();
    store.accept = () => Promise.reject(new Error('down'));
    const failing = await started({ store });
    await webex.send(failing, incomingMessage(), echo);
    assert.deepEqual((await failing.health()).bridges, {});
    const bridge = {
      destination: { name: '@platform', createClient: () => new ScriptedClient() },
      compose: () => ({}),
    };
    assert.throws(() => adapter.use(new HandoverMiddleware({ bridge })), {
      code: 'WEBEX_CONNECT_CONFIGURATION',
      message: /no destination may be called '@platform'/,
    });
  });

  it('shows since when the oldest event and message wait, and warns after a while', async () => {
    const adapter = await started({ health: { warnAfterWaitingMs: 60 * SECOND } });
    const since = clock.now();
    webex.failNext(100, 503);
    await webex.send(adapter, incomingMessage(), echo);
    await adapter.whenIdle();
    await clock.advance(30 * SECOND);
    await adapter.whenIdle();
    assert.deepEqual(await reasonsOf(adapter), []);
    assert.equal((await adapter.health()).store?.oldestWaitingMessageAt, since);
    await clock.advance(31 * SECOND);
    assert.deepEqual(await reasonsOf(adapter), [
      `the oldest message has waited to be delivered since ${new Date(since).toISOString()}`,
    ]);
  });

  it('warns of silence where traffic is expected, and of none without the option', async () => {
    const expecting = await started({ health: { expectTrafficWithinMs: 3600 * SECOND } });
    const indifferent = await started();
    await webex.send(expecting, incomingMessage(), echo);
    await webex.send(indifferent, incomingMessage(), echo);
    await clock.advance(3600 * SECOND);
    assert.match(
      (await reasonsOf(expecting))[0] ?? '',
      /though traffic is expected.*edit the integration and verify/,
    );
    assert.deepEqual(await reasonsOf(indifferent), []);
    await webex.send(expecting, {}, echo);
    assert.deepEqual(await reasonsOf(expecting), []);
  });

  it('refuses options that make no sense, with their path', () => {
    assert.throws(() => make({ health: { expectTrafficWithinMs: 10 } }), {
      path: 'health.expectTrafficWithinMs',
    });
    assert.throws(() => make({ health: { warnAfterWaitingMs: 0 } }), { path: 'health.warnAfterWaitingMs' });
  });
});
