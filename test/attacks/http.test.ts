import assert from 'node:assert/strict';
import { incomingMessage } from '../../src/testing';
import { type BotHost, type Mount, onNodeHttp, serveBot } from '../support/botHost';
import { onExpress, onRestify } from '../support/frameworkMounts';
import { postBytes, postHead, RawClient } from '../support/rawClient';
import { nothingIsStored, stillServes } from './support/survival';

const MOUNTS: Record<string, Mount> = { 'node:http': onNodeHttp, restify: onRestify(), Express: onExpress() };

const EVENT = JSON.stringify(incomingMessage('smuggled'));
const HOST = 'Host: bot.test';
const LENGTH = `Content-Length: ${EVENT.length}`;
const CHUNKED = 'Transfer-Encoding: chunked';
const inChunks = `${EVENT.length.toString(16)}\r\n${EVENT}\r\n0\r\n\r\n`;
const inner = postHead(HOST, LENGTH) + EVENT;

/** Requests that are none, with what Node answers. Each ends the connection, and nothing of it reaches the bot. */
const MALFORMED: [title: string, bytes: string, statuses: readonly (number | undefined)[]][] = [
  ['a length and chunks', postHead(HOST, LENGTH, CHUNKED) + inChunks, [400]],
  ['chunks and a length', postHead(HOST, CHUNKED, LENGTH) + inChunks, [400]],
  [
    'a length of zero, chunks, and a request hidden in them',
    postHead(HOST, 'Content-Length: 0', CHUNKED) + inner,
    [400],
  ],
  ['two lengths', postHead(HOST, 'Content-Length: 1', LENGTH) + EVENT, [400]],
  ['a list of lengths', postHead(HOST, `${LENGTH}, 1`) + EVENT, [400]],
  ['a negative length', postHead(HOST, 'Content-Length: -1') + EVENT, [400]],
  ['a length with a sign', postHead(HOST, `Content-Length: +${EVENT.length}`) + EVENT, [400]],
  ['a length in hexadecimal', postHead(HOST, 'Content-Length: 0x10') + EVENT, [400]],
  ['a length that overflows', postHead(HOST, 'Content-Length: 99999999999999999999999') + EVENT, [400]],
  [
    'chunks that are not the last coding',
    postHead(HOST, 'Transfer-Encoding: chunked, identity') + inChunks,
    [400],
  ],
  [
    'chunks under a name that only looks like it',
    postHead(HOST, 'Transfer-Encoding: xchunked') + inChunks,
    [400],
  ],
  ['chunks behind a line feed', postHead(HOST, 'X: y\nTransfer-Encoding: chunked', LENGTH) + inChunks, [400]],
  ['a blank before the colon', postHead(HOST, 'Transfer-Encoding : chunked') + inChunks, [400]],
  ['a chunk size that is none', `${postHead(HOST, CHUNKED)}zz\r\n${EVENT}\r\n0\r\n\r\n`, [400]],
  ['a negative chunk size', `${postHead(HOST, CHUNKED)}-1\r\n${EVENT}\r\n0\r\n\r\n`, [400]],
  ['a chunk longer than it says', `${postHead(HOST, CHUNKED)}5\r\n${EVENT}\r\n0\r\n\r\n`, [400]],
  ['a chunk extension without end', `${postHead(HOST, CHUNKED)}5;${'x'.repeat(64_000)}`, [413]],
  ['trailers without end', `${postHead(HOST, CHUNKED)}0\r\n${'X: y\r\n'.repeat(20_000)}`, [431]],
  ['a NUL in a header', postHead(HOST, LENGTH, 'X: a\0b') + EVENT, [400]],
  ['no Host', postHead(LENGTH) + EVENT, [400]],
  ['a header of 64 KB', postHead(HOST, LENGTH, `X: ${'y'.repeat(64_000)}`) + EVENT, [431]],
  ['20,000 headers', postHead(HOST, LENGTH, ...Array(20_000).fill('X: y')) + EVENT, [431]],
  ['a path of 64 KB', `POST /${'x'.repeat(64_000)} HTTP/1.1\r\n${HOST}\r\n\r\n`, [431]],
  // Some releases of Node take it for an empty POST.
  ['HTTP/0.9', `POST /api/webex-connect\r\n\r\n`, [200, 400]],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400]],
  ['random bytes', '\x00\xff\x10\r\n\r\n\r\n', [400]],
  ['CONNECT', `CONNECT bot.test:443 HTTP/1.1\r\n${HOST}\r\n\r\n`, [undefined]],
  ['an expectation that nobody meets', postHead(HOST, LENGTH, 'Expect: a miracle') + EVENT, [417]],
];

/** Requests whose URL is none, though their HTTP is right. */
const MALFORMED_URLS: [title: string, target: string, host: string][] = [
  ['a Host with a blank', '/api/webex-connect', 'a b'],
  ['a Host with a bracket', '/api/webex-connect', '[x'],
  ['a Host with a port that is none', '/api/webex-connect', 'bot.test:99999'],
  ['a Host with a bar', '/api/webex-connect', 'foo|bar'],
  ['an absolute target that is no URL', 'http://[/api/webex-connect', 'bot.test'],
  ['a target of two slashes', '//', 'bot.test'],
  ['a target that names another host', '//evil.test/api/webex-connect', 'bot.test'],
  ['a target that is cut in an escape', '/api/%', 'bot.test'],
  ['an asterisk', '*', 'bot.test'],
];

for (const [framework, mount] of Object.entries(MOUNTS)) {
  describe(`${framework} under HTTP that is none`, () => {
    let host: BotHost;

    beforeEach(async () => {
      host = await serveBot({}, undefined, mount);
    });
    afterEach(() => host.stop());

    for (const [title, bytes, statuses] of MALFORMED) {
      it(`(${title}) lets nothing in`, async () => {
        const client = await RawClient.to(host.url);
        client.send(bytes);
        assert.ok(statuses.includes(await client.status()), `it answered ${client.answers[0]?.status}`);
        client.end();
        await client.closed;
        assert.equal(client.answers.length <= 1, true, 'a second request was answered');
        await host.adapter.whenIdle();
        nothingIsStored(host);
        await stillServes(host);
      });
    }

    for (const [title, target, name] of MALFORMED_URLS) {
      it(`(${title}) is no reason to die`, async () => {
        const client = await RawClient.to(host.url);
        client.send(`POST ${target} HTTP/1.1\r\nHost: ${name}\r\nContent-Length: 2\r\n\r\n{}`);
        const status = await client.status();
        assert.ok(status !== undefined && status < 500, `${status}`);
        client.destroy();
        await stillServes(host);
      });
    }

    it('(too short a length) takes what is cut for no event, and the rest for no request', async () => {
      const client = await RawClient.to(host.url);
      client.send(postHead(HOST, 'Content-Length: 20') + EVENT);
      await client.closed;
      // Node ends the connection at the garbage, though the request before it may not be answered yet.
      assert.equal(client.answers.at(-1)?.status, 400);
      await host.adapter.whenIdle();
      assert.equal(host.adapter.counters.get('events_stored_total'), 0);
      await stillServes(host);
    });

    it('(too long a length, and gone) leaves nothing behind', async () => {
      const client = await RawClient.to(host.url);
      client.send(postHead(HOST, `Content-Length: ${EVENT.length + 1}`) + EVENT).end();
      await client.closed;
      await host.adapter.whenIdle();
      nothingIsStored(host);
      await stillServes(host);
    });

    it('(a body with GET) does not take the body for a request', async () => {
      const client = await RawClient.to(host.url);
      client.send(
        `GET /api/webex-connect HTTP/1.1\r\n${HOST}\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
      );
      // Express has no such route, and says so itself.
      assert.equal(await client.status(), framework === 'Express' ? 404 : 405);
      client.end();
      await client.closed;
      assert.equal(client.answers.length, 1);
      nothingIsStored(host);
      await stillServes(host);
    });

    it('(Expect: 100-continue) is told to go on, and its event is taken', async () => {
      const client = await RawClient.to(host.url);
      client.send(postHead(HOST, LENGTH, 'Expect: 100-continue'));
      while (client.preliminary.length === 0) await new Promise(setImmediate);
      assert.deepEqual(client.preliminary, [100]);
      client.send(EVENT);
      assert.equal(await client.status(), 200);
      await host.webhook.waitFor(1);
      client.destroy();
    });

    it('(pipelining) answers each of 200 requests at once, in order, and stores each once', async () => {
      const client = await RawClient.to(host.url);
      const events = Array.from({ length: 200 }, (_, number) => incomingMessage(`${number}`));
      client.send(Buffer.concat(events.map((event) => postBytes(JSON.stringify(event)))));
      const answers = await client.waitFor(200);
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
      assert.equal(answers.length, 200);
      await host.webhook.waitFor(200);
      await host.adapter.whenIdle();
      assert.deepEqual(
        host.webhook.texts,
        events.map((_, number) => `Echo: ${number}`),
      );
      client.destroy();
    });

    it('(pipelining with garbage) ends at the garbage', async () => {
      const client = await RawClient.to(host.url);
      client.send(Buffer.concat([postBytes(EVENT), Buffer.from('garbage\r\n\r\n'), postBytes(EVENT)]));
      await client.closed;
      assert.equal(client.answers.at(-1)?.status, 400);
      await host.adapter.whenIdle();
      assert.ok(host.adapter.counters.get('events_stored_total') <= 1);
      await stillServes(host);
    });
  });
}
