import assert from 'node:assert/strict';
import { WebexConnectAdapter } from '../../src';
import type { DeliveryStore } from '../../src/store/deliveryStore';
import { incomingMessage, ManualClock, type MockWebexConnect, mockWebexConnect } from '../../src/testing';
import { echo } from '../support/botHost';
import { interceptStore } from '../support/interceptStore';
import { postgresServer } from '../support/postgresServer';
import { makePostgresStore, newSchema, ON_MANUAL_TIME } from '../support/postgresStores';
import { eventually } from '../support/scene';

const SECOND = 1000;

describe('health of replicas on PostgreSQL', () => {
  let webex: MockWebexConnect;
  let clock: ManualClock;
  let schema: string;
  let adapters: WebexConnectAdapter[];

  beforeEach(() => {
    webex = mockWebexConnect();
    clock = new ManualClock();
    schema = newSchema();
    adapters = [];
  });
  afterEach(async () => {
    for (const adapter of adapters) await adapter.stop();
    webex.restore();
  });

  const start = async (store: DeliveryStore) => {
    const adapter = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, store, clock });
    adapters.push(adapter);
    await adapter.start(echo);
    return adapter;
  };
  const failuresOf = async (adapter: WebexConnectAdapter) =>
    (await adapter.health()).platform.consecutiveFailures;

  it('adds up what they answer Webex Connect, and ends with a success of any of them', async () => {
    let isSick = true;
    const sick = await start(
      interceptStore(await makePostgresStore({ schema }, ON_MANUAL_TIME), async (method, run) => {
        if (isSick && method === 'accept') throw new Error('sick');
        return run();
      }),
    );
    const other = await start(await makePostgresStore({ schema }, ON_MANUAL_TIME));
    for (const expected of [1, 2, 3]) {
      assert.equal((await webex.send(sick, incomingMessage(), echo)).status, 503);
      assert.equal(await failuresOf(sick), expected);
    }
    await eventually('the other one knows', async () => {
      await clock.advance(5 * SECOND);
      return (await failuresOf(other)) === 3;
    });
    assert.equal((await webex.send(other, incomingMessage(), echo)).status, 200);
    assert.equal(await failuresOf(other), 0);
    isSick = false;
    await eventually('the sick one knows', async () => {
      await clock.advance(5 * SECOND);
      return (await failuresOf(sick)) === 0;
    });
    assert.deepEqual((await other.health()).bridges, {});
  });

  it('fails while the server is away and passes when it is back, and forgets no failure of the meantime', async function () {
    const { control } = await postgresServer();
    if (control === undefined) this.skip();
    const adapter = await start(await makePostgresStore({ schema }, ON_MANUAL_TIME));
    const told: string[] = [];
    adapter.on('health', ({ subject, level }) => told.push(`${subject} ${level}`));
    await control.stop();
    try {
      assert.equal((await webex.send(adapter, incomingMessage(), echo)).status, 503);
      const { status, reasons, reach } = await adapter.health();
      assert.equal(status, 'fail');
      assert.equal(reach.kind, 'unreachable');
      assert.match(
        reasons[0] ?? '',
        /^the store does not answer: StoreUnavailableError WEBEX_CONNECT_STORE_UNAVAILABLE \(since/,
      );
    } finally {
      await control.start();
    }
    await eventually('the store is found', async () => {
      await clock.advance(SECOND);
      return (await adapter.health()).reach.kind === 'reachable';
    });
    assert.equal(await failuresOf(adapter), 1);
    await eventually('it is stored', async () => {
      await clock.advance(SECOND);
      const heir = await start(await makePostgresStore({ schema }, ON_MANUAL_TIME));
      return (await failuresOf(heir)) === 1;
    });
    assert.deepEqual(told, ['store critical', 'store recovered']);
  });
});
