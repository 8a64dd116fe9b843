import assert from 'node:assert/strict';
import { MemoryStore, WebexConnectAdapter } from '../../src';
import { sleep } from '../../src/clock';
import {
  assertReplies,
  incomingMessage,
  ManualClock,
  type MockWebexConnect,
  mockWebexConnect,
} from '../../src/testing';
import { echo } from '../support/botHost';
import { interceptStore } from '../support/interceptStore';
import { RecordingLogger } from '../support/recordingLogger';

describe('the adapter’s life', () => {
  let webex: MockWebexConnect;

  beforeEach(() => {
    webex = mockWebexConnect();
  });
  afterEach(() => webex.restore());

  const make = (options: Partial<ConstructorParameters<typeof WebexConnectAdapter>[0]> = {}) =>
    new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, ...options });

  it('begins with the first request when nobody starts it', async () => {
    const adapter = make();
    assert.equal((await webex.send(adapter, incomingMessage('hi'), echo)).status, 200);
    await webex.waitForReplies(1);
    await adapter.stop();
  });

  it('begins once, however often it is started', async () => {
    const calls: string[] = [];
    const store = interceptStore(new MemoryStore(), (method, run) => {
      calls.push(method);
      return run();
    });
    const adapter = make({ store });
    await Promise.all([adapter.start(echo), adapter.start(echo)]);
    await adapter.start(echo);
    await adapter.stop();
    assert.equal(calls.filter((method) => method === 'open').length, 1);
  });

  it('can be begun again after a start that failed, and then runs turns', async () => {
    const store = new MemoryStore();
    const { loadHealth } = store;
    store.loadHealth = () => Promise.reject(new Error('down'));
    const adapter = make({ store });
    await assert.rejects(adapter.start(echo), /down/);
    assert.equal((await webex.send(adapter, incomingMessage('hi'), echo)).status, 503);
    store.loadHealth = loadHealth.bind(store);
    await adapter.start(echo);
    assert.equal((await webex.send(adapter, incomingMessage('hi'), echo)).status, 200);
    await webex.waitForReplies(1);
    await adapter.stop();
  });

  it('ends for good: start says so, and events are answered 503', async () => {
    const adapter = make();
    await adapter.start(echo);
    await Promise.all([adapter.stop(), adapter.stop()]);
    await assert.rejects(adapter.start(echo), {
      code: 'WEBEX_CONNECT_NOT_RUNNING',
      message: /Make a new one/,
    });
    assert.equal((await webex.send(adapter, incomingMessage(), echo)).status, 503);
  });

  it('ends before it began, too', async () => {
    const adapter = make();
    await adapter.stop();
    assert.equal((await webex.send(adapter, incomingMessage(), echo)).status, 503);
  });

  it('ends after the turns under way, with what they say delivered', async () => {
    const clock = new ManualClock();
    const adapter = make({ clock });
    await webex.send(adapter, incomingMessage('hi'), async (context) => {
      await sleep(clock, 5000);
      await context.sendActivity('one');
      await context.sendActivity('two');
    });
    await clock.advance(1);
    const stopping = adapter.stop();
    await clock.advance(5000);
    await stopping;
    assertReplies(webex, ['one', 'two']);
  });

  it('shares a store with another adapter, which it does not close', async () => {
    const store = new MemoryStore();
    const [first, second] = [make({ store }), make({ store })];
    await first.start(echo);
    await second.start(echo);
    await first.stop();
    assert.equal((await webex.send(second, incomingMessage('hi'), echo)).status, 200);
    await webex.waitForReplies(1);
    await second.stop();
  });

  it('answers health although the store hangs', async () => {
    const store = new MemoryStore();
    const clock = new ManualClock();
    store.stats = () => new Promise(() => {});
    const adapter = make({ store, clock });
    const asking = adapter.health();
    await clock.advance(2000);
    assert.equal((await asking).status, 'fail');
  });

  it('logs no message of a bot’s error, which may quote the customer, but at debug', async () => {
    const logger = new RecordingLogger();
    const clock = new ManualClock();
    const adapter = make({ logger, clock });
    await webex.send(adapter, incomingMessage('my PIN is 4711'), async ({ activity }) => {
      JSON.parse(activity.text);
    });
    await clock.advance(10_000);
    await adapter.whenIdle();
    assert.equal([...logger.texts('warn'), ...logger.texts('error')].join().includes('4711'), false);
    assert.ok(logger.texts('error').length >= 4);
    await adapter.stop();
  });
});
