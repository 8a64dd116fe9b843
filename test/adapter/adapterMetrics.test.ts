import assert from 'node:assert/strict';
import { type DeliveryStore, MemoryStore, type TurnLogic, WebexConnectAdapter } from '../../src';
import { SqliteStore } from '../../src/sqlite';
import { incomingMessage, ManualClock, type MockWebexConnect, mockWebexConnect } from '../../src/testing';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { echo } from '../support/botHost';
import { interceptStore } from '../support/interceptStore';
import { makePostgresStore, newSchema, ON_MANUAL_TIME } from '../support/postgresStores';
import { parsePrometheus, sampleOf } from '../support/prometheusParser';
import { eventually } from '../support/scene';
import { HOUR, MINUTE, SECOND } from '../support/storeSamples';

const WEBHOOK = { destination: 'webhook' };

describe('adapter.metrics()', () => {
  const temporaryFile = temporaryFiles();
  let webex: MockWebexConnect;
  let clock: ManualClock;
  const adapters: WebexConnectAdapter[] = [];

  beforeEach(() => {
    clock = new ManualClock();
    webex = mockWebexConnect({ clock });
  });
  afterEach(async () => {
    for (const adapter of adapters.splice(0)) {
      const stopping = adapter.stop();
      await clock.advance(0);
      await stopping;
    }
    webex.restore();
  });

  async function begin(store: DeliveryStore, logic: TurnLogic = echo): Promise<WebexConnectAdapter> {
    const { webhookUrl } = webex;
    const outbound = { jitter: 0 };
    const adapter = new WebexConnectAdapter({ webhookUrl, store, clock, outbound, shutdownMs: 0 });
    adapters.push(adapter);
    await adapter.start(logic);
    return adapter;
  }

  const read = async (adapter: WebexConnectAdapter, name: string, labels = {}) =>
    sampleOf(parsePrometheus(await adapter.metrics()), `webex_connect_${name}`, labels);

  it('time a turn by the clock', async () => {
    const logic: TurnLogic = async () => {
      await clock.advance(3 * SECOND);
    };
    const adapter = await begin(new MemoryStore(), logic);
    await webex.send(adapter, incomingMessage(), logic);
    await adapter.whenIdle();
    assert.equal(await read(adapter, 'turn_duration_seconds_sum', { outcome: 'completed' }), 3);
    assert.equal(await read(adapter, 'turn_duration_seconds_count', { outcome: 'completed' }), 1);
  });

  it('time each attempt to send, by what came of it', async () => {
    const adapter = await begin(new MemoryStore());
    webex.failNext(1, 500);
    webex.delayNext(1, 2 * SECOND);
    await webex.send(adapter, incomingMessage(), echo);
    await adapter.whenIdle();
    await clock.advance(5 * SECOND);
    await eventually('the next attempt is on the wire', () => clock.nextTimerIn === 2 * SECOND);
    await clock.advance(2 * SECOND);
    await adapter.whenIdle();
    const sum = (outcome: string) => read(adapter, 'send_duration_seconds_sum', { ...WEBHOOK, outcome });
    assert.deepEqual([await sum('failed'), await sum('accepted')], [0, 2]);
  });

  for (const [engine, open] of [
    ['memory', openMemory],
    ['SQLite', openSqlite],
    ['PostgreSQL', openPostgres],
  ] as const) {
    it(`time the way from event to reply, a restart and retries on ${engine} included`, async () => {
      const openStore = open();
      const adapter = await begin(await openStore());
      webex.failNext(2, 503);
      await webex.send(adapter, incomingMessage(), echo);
      await adapter.whenIdle();
      await adapter.stop();
      const heir = await begin(await openStore());
      await sendsAfter(heir, 5 * SECOND, 2);
      assert.equal(await read(heir, 'end_to_end_duration_seconds_count', WEBHOOK), undefined);
      await sendsAfter(heir, MINUTE, 3);
      assert.equal(await read(heir, 'end_to_end_duration_seconds_count', WEBHOOK), 1);
      assert.equal(await read(heir, 'end_to_end_duration_seconds_sum', WEBHOOK), 65);
    });
  }

  it('time no way from event to reply where no event has asked', async () => {
    const adapter = await begin(new MemoryStore());
    const conversation = { id: 'C', isGroup: false, conversationType: '', name: '' };
    await adapter.continueConversation({ conversation }, async (context) => {
      await context.sendActivity('hi');
    });
    await adapter.whenIdle();
    assert.deepEqual(webex.texts, ['hi']);
    assert.equal(await read(adapter, 'end_to_end_duration_seconds_count', WEBHOOK), undefined);
  });

  it('tell how things are', async () => {
    const logic: TurnLogic = async (context) => {
      if (context.activity.text === 'wait') await new Promise(() => {});
      await echo(context);
    };
    const adapter = await begin(new MemoryStore(), logic);
    webex.failNext(5, 500);
    for (const text of ['1', '2', '3', '4', '5']) {
      await webex.send(adapter, incomingMessage({ text, conversationId: text }), logic);
    }
    await adapter.whenIdle();
    await clock.advance(2 * SECOND);
    await webex.send(adapter, incomingMessage({ text: 'wait', conversationId: 'w' }), logic);
    await clock.advance(SECOND);
    const rows: [name: string, value: number, labels?: object][] = [
      ['store_up', 1],
      ['waiting_messages', 5],
      ['waiting_events', 1],
      ['oldest_waiting_message_age_seconds', 3],
      ['oldest_waiting_event_age_seconds', 1],
      ['destination_active', 0, WEBHOOK],
      ['destination_consecutive_failures', 5, WEBHOOK],
      ['destination_failure_limit', 5, WEBHOOK],
      ['turns_under_way', 1],
      ['sends_under_way', 0],
      ['platform_consecutive_failures', 0],
      ['dead_letters', 0],
    ];
    for (const [name, value, labels] of rows) assert.equal(await read(adapter, name, labels), value, name);
  });

  it('say so when the store does not answer, in time', async () => {
    let isGone = false;
    const store = interceptStore(new MemoryStore(), (method, run) =>
      isGone && method === 'stats' ? new Promise(() => {}) : run(),
    );
    const adapter = await begin(store);
    isGone = true;
    const text = adapter.metrics();
    await clock.advance(2 * SECOND);
    const families = parsePrometheus(await text);
    assert.equal(sampleOf(families, 'webex_connect_store_up'), 0);
    assert.equal(sampleOf(families, 'webex_connect_waiting_events'), undefined);
    assert.equal(sampleOf(families, 'webex_connect_events_stored_total'), 0);
  });

  for (const [engine, open] of [
    ['memory', openMemory],
    ['SQLite', openSqlite],
  ] as const) {
    it(`are there when the adapter has stopped, on ${engine}`, async () => {
      const adapter = await begin(open()());
      await webex.send(adapter, incomingMessage(), echo);
      await adapter.whenIdle();
      await adapter.stop();
      assert.equal(await read(adapter, 'messages_delivered_total'), 1);
    });
  }

  it('hold nothing of anybody: no conversation, no text, no address (I9)', async () => {
    const adapter = await begin(new MemoryStore());
    webex.failNext(1, 400);
    for (const text of ['refused', 'my card number is 4111'])
      await webex.send(adapter, incomingMessage(text), echo);
    await clock.advance(HOUR);
    const text = await adapter.metrics();
    assert.doesNotMatch(text, /CONV-|4111|https?:|webexconnect\.test/);
    const labels = [...parsePrometheus(text).values()].flatMap(({ samples }) =>
      samples.flatMap((sample) => Object.keys(sample.labels)),
    );
    assert.deepEqual(new Set(labels), new Set(['outcome', 'destination', 'le']));
  });

  /** The time of a database goes on by itself, so that what is due may be known of only when the clock stands again. */
  async function sendsAfter(adapter: WebexConnectAdapter, milliseconds: number, requests: number) {
    await clock.advance(milliseconds);
    await eventually(`request ${requests} is sent`, async () => {
      await clock.advance(0);
      await adapter.whenIdle();
      return webex.requests.length === requests;
    });
  }

  function openMemory(): () => DeliveryStore {
    const store = new MemoryStore();
    return () => store;
  }

  function openPostgres(): () => Promise<DeliveryStore> {
    const schema = newSchema();
    return () => makePostgresStore({ schema, maxConnections: 4 }, ON_MANUAL_TIME);
  }

  function openSqlite(): () => DeliveryStore {
    const path = temporaryFile();
    return () => new SqliteStore(path);
  }
});
