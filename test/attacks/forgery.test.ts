import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { incomingMessage, ManualClock } from '../../src/testing';
import { type BotHost, type Mount, onNodeHttp, serveBot, TOKEN } from '../support/botHost';
import { onExpress, onRestify } from '../support/frameworkMounts';
import { postBytes, RawClient } from '../support/rawClient';
import { nothingIsStored, stillServes } from './support/survival';

const MOUNTS: Record<string, Mount> = { 'node:http': onNodeHttp, restify: onRestify(), Express: onExpress() };

const ACCESS = 'the-access-token';
const SECRETS = ['the-old-signing-secret', 'the-new-signing-secret'];
const BODY = JSON.stringify(incomingMessage('forged'));
const sign = (algorithm: string, secret: string, body: string | Buffer = BODY) =>
  createHmac(algorithm, secret).update(body).digest('hex');

/** Header values that a socket carries as they are. */
const headerValues = fc
  .string({ unit: 'binary-ascii', maxLength: 200 })
  .map((text) => text.replace(/[^\x20-\x7e\t]/g, ''));

for (const [framework, mount] of Object.entries(MOUNTS)) {
  describe(`${framework}, asked for a token`, () => {
    let host: BotHost;

    before(async () => {
      host = await serveBot({ authentication: { accessToken: [ACCESS, 'another-token'] } }, undefined, mount);
    });
    after(() => host.stop());
    afterEach(() => nothingIsStored(host));

    const isTurnedAway = async (...headers: readonly string[]) => {
      const client = await RawClient.to(host.url);
      client.send(postBytes(BODY, headers));
      const [answer] = await client.waitFor(1);
      assert.equal(answer?.status, 401, headers.join().slice(0, 300));
      assert.equal(answer.body, '');
      assert.equal(answer.head.includes(TOKEN), false);
      client.destroy();
    };

    for (const [title, headers] of Object.entries<string[]>({
      none: [],
      'an empty one': ['Authorization:'],
      'only its scheme': ['Authorization: Bearer'],
      'one character less': [`Authorization: Bearer ${ACCESS.slice(0, -1)}`],
      'one character more': [`Authorization: Bearer ${ACCESS}x`],
      'another case': [`Authorization: Bearer ${ACCESS.toUpperCase()}`],
      'another scheme': [`Authorization: Basic ${ACCESS}`],
      'the scheme twice': [`Authorization: Bearer Bearer ${ACCESS}`],
      'a quoted one': [`Authorization: Bearer "${ACCESS}"`],
      'two in one': [`Authorization: Bearer ${ACCESS}, another-token`],
      'a list in a header of its own': [`X-Access-Token: wrong, ${ACCESS}`],
      'two headers of its own, the second right': ['X-Access-Token: wrong', `X-Access-Token: ${ACCESS}`],
      'two headers of its own, the first right': [`X-Access-Token: ${ACCESS}`, 'X-Access-Token: wrong'],
      'two Authorizations, the second right': ['Authorization: wrong', `Authorization: Bearer ${ACCESS}`],
      'the right one under another name': [`X-Token: ${ACCESS}`, `Cookie: access-token=${ACCESS}`],
      'the names of what objects have': ['__proto__: x', 'constructor: x', 'toString: x'],
      'one of 8,000 characters': [`Authorization: Bearer ${'x'.repeat(8000)}`],
      'the token of verification': [`Authorization: Bearer ${TOKEN}`],
    })) {
      it(`takes ${title} for no token`, () => isTurnedAway(...headers));
    }

    it('takes nothing that anybody makes up for a token', async () => {
      const header = fc.tuple(
        fc.constantFrom('Authorization', 'Access-Token', 'X-Access-Token', 'access_token'),
        fc.oneof(
          headerValues,
          headerValues.map((text) => `Bearer ${text}`),
          fc.constant(ACCESS.slice(1)),
        ),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(header, { maxLength: 4 }), (headers) =>
          isTurnedAway(...headers.map(([name, value]) => `${name}: ${value}`)),
        ),
        { numRuns: 100 },
      );
    });
  });

  describe(`${framework}, asked for a signature`, () => {
    let host: BotHost;

    before(async () => {
      host = await serveBot({ authentication: { signatureSecret: SECRETS } }, undefined, mount);
    });
    after(() => host.stop());

    const statusFor = async (body: string | Buffer, ...signatures: readonly string[]) => {
      const client = await RawClient.to(host.url);
      client.send(
        postBytes(
          body,
          signatures.map((signature) => `X-Hub-Signature: ${signature}`),
        ),
      );
      const [answer] = await client.waitFor(1);
      if (answer?.status !== 200) assert.equal(answer?.body, '');
      client.destroy();
      return answer?.status;
    };

    it('takes none of a wrong length', async () => {
      const right = sign('sha512', 'the-old-signing-secret');
      const padded = right.padEnd(260, '0');
      for (let length = 0; length <= padded.length; length++) {
        if (length === right.length) continue;
        for (const prefix of ['', 'sha256=', 'sha512=']) {
          assert.equal(await statusFor(BODY, prefix + padded.slice(0, length)), 401, `${prefix} ${length}`);
        }
      }
      nothingIsStored(host);
    });

    it('takes none with a single bit turned, of another body, secret, algorithm or encoding', async () => {
      const right = sign('sha256', 'the-new-signing-secret');
      const turned = [0, 31, 63].map(
        (at) =>
          right.slice(0, at) + (Number.parseInt(right[at] ?? '', 16) ^ 1).toString(16) + right.slice(at + 1),
      );
      const base64 = Buffer.from(right, 'hex').toString('base64');
      for (const signature of [
        ...turned,
        sign('sha256', 'the-new-signing-secret', `${BODY} `),
        sign('sha256', 'the-new-signing-secret', ''),
        sign('sha256', ''),
        sign('sha256', TOKEN),
        sign('sha384', 'the-new-signing-secret'),
        sign('sha1', 'the-new-signing-secret'),
        `sha1=${right}`,
        `sha512=${right}`,
        `sha256=sha256=${right}`,
        `sha256:${right}`,
        base64,
        `sha256=${base64}`,
        `${right}, ${right}`,
        '0'.repeat(64),
      ]) {
        assert.equal(await statusFor(BODY, signature), 401, signature);
      }
      assert.equal(await statusFor(BODY, right, right), 401, 'two headers');
      assert.equal(await statusFor(BODY), 401, 'no header');
      nothingIsStored(host);
    });

    it('takes nothing that anybody makes up for a signature', async () => {
      const hex = fc.stringMatching(/^[0-9a-fA-F]{64}$|^[0-9a-fA-F]{128}$/);
      const signature = fc.oneof(
        headerValues,
        hex,
        hex.map((text) => `sha256=${text}`),
      );
      await fc.assert(
        fc.asyncProperty(signature, async (text) => assert.equal(await statusFor(BODY, text), 401)),
        { numRuns: 100 },
      );
      nothingIsStored(host);
    });

    it('takes the right one of any bytes at all, with either secret and either algorithm', async () => {
      const bodies = fc.uint8Array({ maxLength: 500 }).map(Buffer.from);
      await fc.assert(
        fc.asyncProperty(
          bodies,
          fc.constantFrom('sha256', 'sha512'),
          fc.constantFrom(...SECRETS),
          fc.boolean(),
          async (body, algorithm, secret, hasPrefix) => {
            const signature = sign(algorithm, secret, body);
            assert.equal(await statusFor(body, hasPrefix ? `${algorithm}=${signature}` : signature), 200);
          },
        ),
        { numRuns: 50 },
      );
    });
  });
}

describe('a request that somebody has recorded and sends again', () => {
  const headers = { 'x-hub-signature': sign('sha256', 'the-new-signing-secret') };
  const authentication = { signatureSecret: SECRETS };

  it('is answered and runs nothing, at once or later, however often', async () => {
    const host = await serveBot({ authentication });
    await Promise.all(Array.from({ length: 50 }, () => host.post(BODY, headers)));
    for (let time = 0; time < 10; time++) assert.equal((await host.post(BODY, headers)).status, 200);
    await host.adapter.whenIdle();
    assert.equal(host.adapter.counters.get('events_stored_total'), 1);
    assert.equal(host.adapter.counters.get('turns_completed_total'), 1);
    assert.deepEqual(host.webhook.texts, ['Echo: forged']);
    await host.stop();
  });

  it('is a new event once the dedupe window is over, for nothing in the signature says when it was made', async () => {
    const clock = new ManualClock();
    const host = await serveBot({ authentication, clock });
    assert.equal((await host.post(BODY, headers)).status, 200);
    await host.adapter.whenIdle();
    await clock.advance(24 * 60 * 60 * 1000);
    assert.equal((await host.post(BODY, headers)).status, 200);
    await host.adapter.whenIdle();
    assert.equal(host.adapter.counters.get('turns_completed_total'), 2);
    await host.stop();
  });

  it('cannot be changed and sent again', async () => {
    const host = await serveBot({ authentication });
    const changed = BODY.replace('forged', 'forgot');
    assert.equal((await host.post(changed, headers)).status, 401);
    nothingIsStored(host);
    await host.stop();
  });
});

describe('a stranger, where nobody is asked for anything (platform OTHERS)', () => {
  it('is heard, as is documented, and cannot keep the bot from hearing others', async () => {
    const host = await serveBot();
    for (let time = 0; time < 100; time++) await host.post(`garbage ${time}`);
    await stillServes(host);
    await host.stop();
  });
});
