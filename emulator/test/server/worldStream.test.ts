import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { EmulatorServer } from '../../src/server/emulatorServer';
import { FakeEmulator } from '../support/fakeEmulator';
import { HandClock } from '../support/handClock';

/** Reads a stream of events as it comes. */
class Reader {
  #text = '';
  #wake: () => void = () => {};
  isEnded = false;

  constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      this.#text += chunk;
      this.#wake();
    });
    response.on('close', () => {
      this.isEnded = true;
      this.#wake();
    });
    response.on('error', () => {});
  }

  /** The next event or comment. */
  async next(): Promise<string> {
    while (!this.#text.includes('\n\n')) {
      assert.ok(!this.isEnded, 'the stream has ended');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const end = this.#text.indexOf('\n\n');
    const event = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 2);
    return event;
  }

  async ended(): Promise<void> {
    while (!this.isEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

describe('The stream of the world', () => {
  let emulator: FakeEmulator;
  let clock: HandClock;
  let server: EmulatorServer;
  let port: number;

  beforeEach(async () => {
    emulator = new FakeEmulator();
    clock = new HandClock();
    const receive = async () => ({ status: 200, headers: {}, body: '' });
    server = new EmulatorServer({ emulator, receive, webhookPath: '/hooks/x', pace: clock });
    port = await server.listen(0);
  });

  afterEach(() => server.close());

  function open(): Promise<Reader> {
    return new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: '/api/stream', agent: false }, (res) =>
        resolve(new Reader(res)),
      ).on('error', reject);
    });
  }

  function worldIn(event: string): { customers: { name: string }[]; isRecording: boolean } {
    const [first, second = ''] = event.split('\n');
    assert.equal(first, 'event: world');
    assert.ok(second.startsWith('data: '), second);
    return JSON.parse(second.slice('data: '.length));
  }

  const namesIn = (event: string) => worldIn(event).customers.map(({ name }) => name);

  it('begins with the world as it is', async () => {
    emulator.customer('Ann');
    const reader = await open();
    assert.match(String(reader.response.headers['content-type']), /^text\/event-stream/);
    assert.deepEqual(namesIn(await reader.next()), ['Ann']);
  });

  it('tells changes, those that come together once', async () => {
    const reader = await open();
    await reader.next();
    emulator.shows('Ann', 'bot', '1');
    emulator.shows('Bob', 'bot', '2');
    clock.move(0);
    assert.deepEqual(namesIn(await reader.next()), ['Ann', 'Bob']);
  });

  it('tells when a recording starts and ends', async () => {
    const reader = await open();
    const record = (what: string) =>
      fetch(`http://127.0.0.1:${port}/api/recording/${what}`, { method: 'POST' });
    assert.equal(worldIn(await reader.next()).isRecording, false);
    await record('start');
    clock.move(0);
    assert.equal(worldIn(await reader.next()).isRecording, true);
    await record('stop');
    clock.move(100);
    assert.equal(worldIn(await reader.next()).isRecording, false);
  });

  it('tells them at most ten times a second', async () => {
    const reader = await open();
    await reader.next();
    for (let change = 1; change <= 20; change++) {
      emulator.customer(`customer ${change}`);
      emulator.changed();
      clock.move(10);
    }
    clock.move(100);
    const told = [await reader.next(), await reader.next(), await reader.next()].map(
      (event) => namesIn(event).length,
    );
    assert.deepEqual(told, [1, 10, 20]);
  });

  it('tells a large world less often', async () => {
    const reader = await open();
    await reader.next();
    emulator.shows('Ann', 'bot', 'x'.repeat(4_000_000));
    clock.move(0);
    await reader.next();
    emulator.customer('Bob');
    emulator.changed();
    clock.move(399);
    emulator.customer('Cy');
    emulator.changed();
    clock.move(2);
    assert.deepEqual(namesIn(await reader.next()), ['Ann', 'Bob', 'Cy']);
  });

  it('beats while somebody reads', async () => {
    assert.equal(clock.timerCount, 0);
    const reader = await open();
    await reader.next();
    clock.move(15_000);
    assert.equal(await reader.next(), ': still here');
    clock.move(15_000);
    assert.equal(await reader.next(), ': still here');
  });

  it('ends with the server, and leaves nothing behind', async () => {
    const reader = await open();
    await reader.next();
    await server.close();
    await reader.ended();
    assert.equal(emulator.listenerCount, 0);
    assert.equal(clock.timerCount, 0);
  });

  it('ends at once when only its head is asked for', async () => {
    const { status } = await fetch(`http://127.0.0.1:${port}/api/stream`, { method: 'HEAD' });
    assert.equal(status, 200);
    assert.equal(clock.timerCount, 0);
  });

  it('costs nothing when nobody reads', () => {
    emulator.changed();
    assert.equal(clock.timerCount, 0);
  });
});
