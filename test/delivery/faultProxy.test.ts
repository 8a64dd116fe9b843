import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { incomingMessage, ManualClock } from '../../src/testing';
import { type BotHost, serveBot } from '../support/botHost';
import { portOf } from '../support/fakeWebhook';

/** What happens to a connection between bot and Webex Connect. */
type Fault =
  | 'none'
  /** The connection is cut before a byte of the request is through. */
  | 'reset before the bytes were sent'
  /** The request arrives, the answer does not. */
  | 'reset after the bytes were sent'
  /** The request arrives, and then nothing ever comes. */
  | 'half-open'
  /** Something answers that speaks no HTTP. */
  | 'garbage';

/** Stands between the bot and the webhook, and does what it is told to the next connections. */
class FaultProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly faults: Fault[] = [];
  connections = 0;

  constructor(target: () => number) {
    this.#server = createServer((client) => this.#relay(client, this.faults.shift() ?? 'none', target()));
  }

  async listen(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return portOf(this.#server);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #relay(client: Socket, fault: Fault, port: number): void {
    this.connections++;
    this.#keep(client);
    if (fault === 'reset before the bytes were sent') {
      client.resetAndDestroy();
      return;
    }
    if (fault === 'garbage') {
      client.once('data', () => client.end('220 mail.example.com ESMTP\r\n'));
      return;
    }
    const server = connect(port, '127.0.0.1');
    this.#keep(server);
    client.pipe(server);
    if (fault === 'none') server.pipe(client);
    server.once('data', () => {
      if (fault === 'reset after the bytes were sent') client.resetAndDestroy();
    });
    server.resume();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
  }
}

describe('a fault between bot and Webex Connect', () => {
  let clock: ManualClock;
  let host: BotHost;
  let proxy: FaultProxy;
  let port: number;

  beforeEach(async () => {
    clock = new ManualClock();
    proxy = new FaultProxy(() => Number(new URL(host.webhook.url).port));
    port = await proxy.listen();
    host = await serveBot({
      clock,
      webhookUrl: `http://127.0.0.1:${port}/hook`,
      outbound: { jitter: 0 },
    });
  });
  afterEach(async () => {
    await host.stop();
    await proxy.close();
  });

  const say = async (text: string) => {
    const answer = await host.post(incomingMessage(text));
    assert.equal(answer.status, 200, 'the platform was answered');
  };

  /** Lets requests of real sockets go on until `isDone` holds. */
  const until = async (isDone: () => boolean) => {
    while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const failures = () => host.adapter.counters.get('sends_failed_total');
  const ambiguous = () => host.adapter.counters.get('sends_ambiguous_total');

  for (const [fault, arrivals] of [
    ['reset before the bytes were sent', 1],
    ['reset after the bytes were sent', 2],
    ['garbage', 1],
  ] as const) {
    it(`(${fault}) costs an attempt, and the message is sent again under the same name`, async () => {
      proxy.faults.push(fault);
      await say('hi');
      await until(() => failures() === 1);
      await host.adapter.whenIdle();
      assert.equal(ambiguous(), 1, 'the outcome of the attempt is unknown');
      await clock.advance(5000);
      await host.webhook.waitFor(arrivals);
      await host.adapter.whenIdle();
      assert.deepEqual(host.webhook.texts, Array(arrivals).fill('Echo: hi'));
      assert.equal(new Set(host.webhook.received.map(({ headers }) => headers['idempotency-key'])).size, 1);
      assert.equal((await host.adapter.health()).store?.waitingMessages, 0);
    });
  }

  it('(half-open) is given up after five seconds, and holds nobody up for longer', async () => {
    proxy.faults.push('half-open');
    await say('first');
    await host.webhook.waitFor(1);
    await host.post(incomingMessage({ conversationId: 'other', text: 'second' }));
    await host.webhook.waitFor(2);
    await clock.advance(5000);
    await until(() => failures() === 1);
    await clock.advance(5000);
    await host.webhook.waitFor(3);
    assert.deepEqual(host.webhook.texts, ['Echo: first', 'Echo: second', 'Echo: first']);
  });

  it('(connection refused) is no doubt about the outcome: nothing was sent', async () => {
    await proxy.close();
    await say('hi');
    await until(() => failures() === 1);
    await host.adapter.whenIdle();
    assert.equal(ambiguous(), 0);
    proxy = new FaultProxy(() => Number(new URL(host.webhook.url).port));
    await proxy.listen(port);
    await clock.advance(5000);
    await host.webhook.waitFor(1);
    assert.deepEqual(host.webhook.texts, ['Echo: hi']);
  });

  for (const status of [429, 500, 503]) {
    it(`(${status}) is tried again, in order`, async () => {
      host.webhook.statuses.push(status);
      await say('one');
      await say('two');
      await until(() => failures() === 1);
      await host.adapter.whenIdle();
      assert.deepEqual(host.webhook.texts, ['Echo: one']);
      await clock.advance(5000);
      await host.webhook.waitFor(3);
      assert.deepEqual(host.webhook.texts, ['Echo: one', 'Echo: one', 'Echo: two']);
    });
  }
});

describe('an answer of Webex Connect', () => {
  for (const [seconds, outcome] of [
    [4, 'is waited for'],
    [6, 'is not waited for: the message is sent again'],
  ] as const) {
    it(`that takes ${seconds} seconds ${outcome}`, async () => {
      const clock = new ManualClock();
      const answers: (() => void)[] = [];
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => {
          const answer = () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
          answers.push(answer);
        });
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const host = await serveBot({ clock, webhookUrl: `http://127.0.0.1:${portOf(server)}/hook` });
      await host.post(incomingMessage('hi'));
      while (answers.length === 0) await new Promise(setImmediate);
      await clock.advance(seconds * 1000);
      answers[0]?.();
      if (seconds === 6) {
        await host.adapter.whenIdle();
        await clock.advanceToNextTimer();
        while (answers.length === 1) await new Promise(setImmediate);
        answers[1]?.();
      }
      await host.adapter.whenIdle();
      assert.equal(answers.length, seconds === 6 ? 2 : 1);
      assert.equal(host.adapter.counters.get('messages_delivered_total'), 1);
      await host.stop();
      server.close();
    });
  }
});
