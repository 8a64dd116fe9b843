import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { readBody } from '../../../src/adapter/http/readBody';
import { ManualClock } from '../../../src/testing';
import { type BotHost, serveBot, TOKEN } from '../../support/botHost';

const LIMITS = { bytes: 10, milliseconds: 3000 };

describe('readBody', () => {
  const clock = new ManualClock();
  const read = (request: Parameters<typeof readBody>[0]) => readBody(request, LIMITS, clock);
  const streamOf = (chunks: string[], more: object = {}) =>
    Object.assign(Readable.from(chunks.map(Buffer.from)), { headers: {}, ...more });

  it('reads a stream', async () => {
    assert.deepEqual(await read(streamOf(['abc', 'def'])), { kind: 'raw', bytes: Buffer.from('abcdef') });
  });

  it('reads a stream although Express 4 has filled in an empty body', async () => {
    assert.deepEqual(await read(streamOf(['abc'], { body: {} })), { kind: 'raw', bytes: Buffer.from('abc') });
  });

  it('prefers the raw body that a framework keeps', async () => {
    const bytes = Buffer.from('raw');
    assert.deepEqual(await read({ headers: {}, rawBody: bytes, body: { parsed: true } }), {
      kind: 'raw',
      bytes,
    });
    assert.deepEqual(await read({ headers: {}, rawBody: new Uint8Array(bytes) }), { kind: 'raw', bytes });
    assert.deepEqual(await read({ headers: {}, body: 'raw' }), { kind: 'raw', bytes });
  });

  it('takes a parsed body', async () => {
    assert.deepEqual(await read({ headers: {}, body: { a: 1 } }), { kind: 'parsed', value: { a: 1 } });
  });

  it('refuses too much, however it comes', async () => {
    const tooLarge = { kind: 'tooLarge' };
    assert.deepEqual(await read(streamOf(['12345', '67890', '1'])), tooLarge);
    assert.deepEqual(await read({ headers: {}, body: '12345678901' }), tooLarge);
    assert.deepEqual(await read({ headers: { 'Content-Length': '11' }, body: {} }), tooLarge);
    assert.deepEqual(await read(streamOf(['a'], { headers: { 'content-length': '1000000000' } })), tooLarge);
  });

  it('stops reading a stream that goes on and on', async () => {
    let chunks = 0;
    const endless = new Readable({
      read() {
        chunks++;
        this.push(Buffer.alloc(64 * 1024));
      },
    });
    assert.deepEqual(await read(Object.assign(endless, { headers: {} })), { kind: 'tooLarge' });
    assert.ok(chunks < 50, `${chunks} chunks were read`);
  });

  it('does not wait for a body longer than it may', async () => {
    const silent = new Readable({ read() {} });
    const reading = read(Object.assign(silent, { headers: {} }));
    await clock.advance(3000);
    assert.deepEqual(await reading, { kind: 'tooSlow' });
  });

  it('notices that the caller went away', async () => {
    const leaving = new Readable({ read() {} });
    const reading = read(Object.assign(leaving, { headers: {} }));
    leaving.destroy();
    assert.deepEqual(await reading, { kind: 'aborted' });
  });

  it('takes a stream that somebody has read to its end for what that one made of it', async () => {
    const stream = streamOf([]);
    for await (const _chunk of stream);
    assert.deepEqual(await read(stream), { kind: 'parsed', value: undefined });
  });
});

describe('a caller on a raw socket', () => {
  let host: BotHost;
  let clock: ManualClock;

  beforeEach(async () => {
    clock = new ManualClock();
    host = await serveBot({ clock });
  });
  afterEach(() => host.stop());

  const open = async () => {
    const { hostname, port, pathname } = new URL(host.url);
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    await once(socket, 'connect');
    return {
      socket,
      head: (length: number) => `POST ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`,
    };
  };

  it('who sends a byte and waits is answered 408 after three seconds, and cut off', async () => {
    const { socket, head } = await open();
    socket.write(`${head(100)}{`);
    while (clock.nextTimerIn === undefined) await new Promise(setImmediate);
    await clock.advance(3000);
    const [answer] = await once(socket, 'data');
    assert.match(answer, /^HTTP\/1.1 408 /);
    assert.match(answer, /Connection: close/i);
    await once(socket, 'close');
  });

  it('who announces a gigabyte is answered 413 at once', async () => {
    const { socket, head } = await open();
    socket.write(head(2 ** 30));
    const [answer] = await once(socket, 'data');
    assert.match(answer, /^HTTP\/1.1 413 /);
    assert.ok(answer.includes(TOKEN));
    socket.destroy();
  });

  it('who goes away in the middle leaves nothing behind', async () => {
    const { socket, head } = await open();
    socket.write(`${head(100)}{"Conversationid":`);
    while (clock.nextTimerIn === undefined) await new Promise(setImmediate);
    socket.destroy();
    while (clock.nextTimerIn !== undefined) await new Promise(setImmediate);
    assert.equal((await host.adapter.health()).status, 'pass');
    assert.equal((await host.post({})).status, 200);
  });
});
