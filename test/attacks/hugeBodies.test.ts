import assert from 'node:assert/strict';
import { incomingMessage } from '../../src/testing';
import { postTo } from '../support/botHost';
import { postHead, RawClient } from '../support/rawClient';
import { Target } from './support/target';
import type { TargetSettings } from './support/targetSettings';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

const PIECE = Buffer.alloc(MIB, 'x');
const CHUNK = Buffer.concat([Buffer.from(`${MIB.toString(16)}\r\n`), PIECE, Buffer.from('\r\n')]);

/** What may have been read before the end of the connection was known on both sides. */
const READ_AT_MOST = 4 * MIB;
const GROWN_AT_MOST = 8 * MIB;

const FRAMEWORKS = ['node:http', 'restify', 'Express'] as const;
const GUARDED: TargetSettings['options'] = { authentication: { accessToken: 'the-access-token' } };

for (const framework of FRAMEWORKS) {
  for (const [who, options, headers, expected] of [
    ['anybody', {}, [], 413],
    ['a caller with a token', GUARDED, ['Authorization: the-access-token'], 413],
    ['a caller without the token', GUARDED, [], 401],
  ] as const) {
    describe(`a gigabyte of ${who}, to ${framework}`, () => {
      let target: Target;

      before(async () => {
        target = await Target.start({ framework, options });
      });
      after(() => target.stop());

      for (const [title, length, piece] of [
        ['announced', `Content-Length: ${GIB}`, PIECE],
        ['in chunks', 'Transfer-Encoding: chunked', CHUNK],
      ] as const) {
        it(`(${title}) is read no further than the limit, and not kept`, async () => {
          await target.stillServes({ authorization: 'the-access-token' });
          const before = await target.report();
          const client = await RawClient.to(target.url);
          client.send(postHead('Host: bot.test', length, ...headers));
          for (let sent = 0; sent < GIB && (await client.sendSlowly(piece)); sent += MIB);
          await client.closed;
          const status = client.answers[0]?.status;
          // Whoever goes on sending may lose the answer: the connection is reset.
          assert.ok(status === undefined || status === expected, `${status}`);

          const after = await target.until(({ connections }) => connections <= before.connections);
          const read = after.bytesRead - before.bytesRead;
          assert.ok(read < READ_AT_MOST, `${read} bytes were read`);
          const grown = after.memoryBytes - before.memoryBytes;
          assert.ok(grown < GROWN_AT_MOST, `${grown} bytes were kept`);
          assert.equal(after.stored, before.stored);
          await target.stillServes({ authorization: 'the-access-token' });
        });
      }
    });
  }
}

describe('a body in single bytes', () => {
  let target: Target;

  before(async () => {
    target = await Target.start();
  });
  after(() => target.stop());

  it('takes little more memory than its bytes', async function () {
    this.timeout(60_000);
    const callers = 10;
    const length = 200 * KIB;
    await target.stillServes();
    const before = await target.report();
    const clients = await Promise.all(Array.from({ length: callers }, () => RawClient.to(target.url)));
    for (const client of clients) {
      client.send(postHead('Host: bot.test', 'Transfer-Encoding: chunked') + '1\r\nx\r\n'.repeat(length));
    }
    const after = await target.until(({ bytesRead }) => bytesRead - before.bytesRead > callers * length * 6);
    const grown = after.memoryBytes - before.memoryBytes;
    // A block doubles as it grows.
    assert.ok(grown < callers * length * 3, `${grown} bytes for ${callers * length}`);
    for (const client of clients) client.destroy();
    await target.stillServes();
  });
});

describe('an object of a million keys', () => {
  let target: Target;
  afterEach(() => target.stop());

  const keys = Array.from({ length: 1_000_000 }, (_, number) => `"k${number}":${number}`);
  const event = incomingMessage({ conversationId: 'of many keys', text: 'hi' });
  const body = JSON.stringify(event).replace('{', `{${keys.join(',')},`);

  it('is too large', async () => {
    target = await Target.start();
    const { status } = await postTo(target.url, body).catch(() => ({ status: 413 }));
    assert.equal(status, 413);
    await target.stillServes();
    const { stored } = await target.report();
    assert.equal(stored, 1);
  });

  it('is an event like any other where such bodies are allowed, and leaves nothing behind', async function () {
    this.timeout(120_000);
    target = await Target.start({ options: { inbound: { bodyLimitBytes: 64 * MIB } } });
    await target.stillServes();
    const before = await target.report();
    assert.equal((await postTo(target.url, body)).status, 200);
    await target.until(({ completed }) => completed === 2);
    await target.stillServes();
    const after = await target.report();
    const grown = after.memoryBytes - before.memoryBytes;
    assert.ok(grown < GROWN_AT_MOST, `${grown} bytes were kept`);
  });
});
