import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Caller } from '../../../src';
import { plainAddress } from '../../../src/adapter/http/caller';
import { incomingMessage, ManualClock } from '../../../src/testing';
import { type BotHost, type Mount, serveBot, TOKEN } from '../../support/botHost';
import { RecordingLogger } from '../../support/recordingLogger';

type Hook = (caller: Caller) => boolean | Promise<boolean>;

const TRUE_TOKEN = { authorization: 'Bearer the-access-token' };

describe('authentication.isAllowed', () => {
  let host: BotHost;
  let logger: RecordingLogger;

  const serve = async (isAllowed: Hook, ...[options = {}, ...more]: Parameters<typeof serveBot>) => {
    logger = new RecordingLogger();
    const authentication = { isAllowed, ...options.authentication };
    host = await serveBot({ logger, ...options, authentication }, ...more);
    return host;
  };
  afterEach(() => host.stop());

  const isTurnedAway = async (status: number, headers: Record<string, string> = {}) => {
    const answer = await host.post(incomingMessage(), headers);
    assert.equal(answer.status, status);
    assert.equal(answer.text, '');
    assert.equal([...answer.headers.values()].join().includes(TOKEN), false);
    await host.adapter.whenIdle();
    assert.equal(host.adapter.counters.get('events_stored_total'), 0);
    // Who was turned away may be anybody: Webex Connect has seen no failure.
    assert.equal((await host.adapter.health()).platform.consecutiveFailures, 0);
    return answer;
  };

  it('is shown address and headers, and admits with true, at once or later', async () => {
    const callers: Caller[] = [];
    for (const decide of [() => true, async () => true]) {
      await serve((caller) => {
        callers.push(caller);
        return decide();
      });
      assert.equal((await host.post(incomingMessage('hi'), { 'x-who': 'me' })).status, 200);
      await host.webhook.waitFor(1);
      await host.stop();
    }
    for (const { remoteAddress, clientCertificate, headers } of callers) {
      assert.equal(remoteAddress, '127.0.0.1');
      assert.equal(clientCertificate, undefined);
      assert.equal(headers['x-who'], 'me');
    }
    assert.equal(callers.length, 2);
  });

  it('turns away with false: 403, and nothing else', async () => {
    await serve(() => false);
    await isTurnedAway(403);
    assert.equal(host.adapter.counters.get('requests_unauthorised_total'), 1);
    assert.match(logger.texts('warn').join(), /not allowed by authentication.isAllowed/);
  });

  // A hook in JavaScript may return anything.
  for (const answer of [undefined, null, 1, 'yes', {}, [true]]) {
    it(`turns away with ${JSON.stringify(answer)}, for that is not true`, async () => {
      await serve(() => answer as unknown as boolean);
      await isTurnedAway(403);
    });
  }

  for (const [how, hook] of Object.entries<Hook>({
    throws: () => {
      throw new Error('secret of the hook');
    },
    rejects: async () => {
      throw new Error('secret of the hook');
    },
  })) {
    it(`lets nobody in when it ${how}: 503, so that the event comes again`, async () => {
      await serve(hook);
      assert.equal((await isTurnedAway(503)).headers.get('retry-after'), '30');
      assert.match(logger.texts('error').join(), /isAllowed came to no decision/);
      assert.doesNotMatch(logger.text, /secret of the hook/);
    });
  }

  it('lets nobody in when it takes three seconds', async () => {
    const clock = new ManualClock();
    await serve(() => new Promise(() => {}), { clock });
    const away = isTurnedAway(503);
    while (clock.nextTimerIn === undefined) await new Promise(setImmediate);
    assert.equal(clock.nextTimerIn, 3000);
    await clock.advance(3000);
    await away;
  });

  it('and the body have three seconds together', async () => {
    const clock = new ManualClock();
    let decide = (_isAllowed: boolean) => {};
    await serve(() => new Promise<boolean>((resolve) => (decide = resolve)), { clock });
    const { socket } = await send(
      'POST /api/webex-connect HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{',
    );
    while (clock.nextTimerIn === undefined) await new Promise(setImmediate);
    await clock.advance(2000);
    decide(true);
    while (clock.nextTimerIn !== 1000) await new Promise(setImmediate);
    await clock.advance(1000);
    assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1.1 408 /);
    await once(socket, 'close');
  });

  it('is asked before the token, which a stranger could otherwise try out', async () => {
    await serve(() => false, { authentication: { accessToken: 'the-access-token' } });
    await isTurnedAway(403, TRUE_TOKEN);
    await isTurnedAway(403, { authorization: 'Bearer wrong' });
  });

  it('does not replace the token', async () => {
    await serve(() => true, { authentication: { accessToken: 'the-access-token' } });
    await isTurnedAway(401);
    assert.equal((await host.post(incomingMessage(), TRUE_TOKEN)).status, 200);
  });

  it('is asked of a GET, too', async () => {
    await serve(() => false, { verification: { token: TOKEN, answerGet: true } });
    assert.equal((await fetch(host.url)).status, 403);
  });

  it('is asked before anything of the body is read', async () => {
    await serve(() => false);
    const { socket } = await send('POST /api/webex-connect HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n');
    assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1.1 403 /);
    socket.destroy();
  });

  for (const head of ['Content-Length: 1073741824', 'Transfer-Encoding: chunked']) {
    it(`ends the connection of somebody turned away who may send for ever (${head})`, async () => {
      await serve(() => false);
      const { socket } = await send(`POST /api/webex-connect HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`);
      assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1.1 403 .*Connection: close/s);
      await once(socket, 'close');
    });
  }

  it('may see the caller go before it has decided', async () => {
    let decide = (_isAllowed: boolean) => {};
    let isAsked = false;
    await serve(() => {
      isAsked = true;
      return new Promise<boolean>((resolve) => (decide = resolve));
    });
    const { socket } = await send(
      'POST /api/webex-connect HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{',
    );
    while (!isAsked) await new Promise(setImmediate);
    const [connection] = host.connections();
    const gone = new Promise((resolve) => connection?.once('close', resolve));
    socket.destroy();
    await gone;
    decide(true);
    await new Promise(setImmediate);
    assert.deepEqual(logger.lines, []);
    assert.equal((await host.adapter.health()).platform.consecutiveFailures, 0);
  });

  async function send(bytes: string) {
    const { hostname, port } = new URL(host.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write(bytes);
    return { socket };
  }
});

describe('the address of a caller', () => {
  for (const [shown, plain] of [
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8::ffff:203.0.113.7', '2001:db8::ffff:203.0.113.7'],
    [undefined, undefined],
  ]) {
    it(`${shown} is ${plain}`, () => assert.equal(plainAddress(shown), plain));
  }
});

describe('authentication.isAllowed with mutual TLS', () => {
  const read = (name: string) => readFileSync(join(__dirname, '..', '..', 'fixtures', 'tls', name), 'utf8');
  const pair = (name: string) => ({ cert: read(`${name}.crt`), key: read(`${name}.key`) });
  /** Node lets strangers in too, so that the hook has to decide. */
  const tls = { ...pair('server'), ca: read('ca.crt'), requestCert: true, rejectUnauthorized: false };
  const onHttps: Mount = (adapter, logic) =>
    createServer(tls, (incoming, response) => void adapter.process(incoming, response, logic));
  let host: BotHost;

  before(async () => {
    const isAllowed = ({ clientCertificate }: Caller) => clientCertificate?.subject.CN === 'client.test';
    host = await serveBot({ authentication: { isAllowed } }, undefined, onHttps);
  });
  after(() => host.stop());

  const statusFor = async (credentials: object) => {
    const agent = new Agent({ ca: read('ca.crt'), ...credentials });
    const sent = request(host.url.replace('http:', 'https:'), { method: 'POST', agent });
    sent.end(JSON.stringify(incomingMessage()));
    const [response] = await once(sent, 'response');
    const body = await text(response);
    agent.destroy();
    return { status: response.statusCode, hasToken: body.includes(TOKEN) };
  };

  it('admits who shows a certificate of the CA', async () => {
    assert.deepEqual(await statusFor(pair('client')), { status: 200, hasToken: true });
  });

  it('turns away who shows none', async () => {
    assert.deepEqual(await statusFor({}), { status: 403, hasToken: false });
  });

  it('turns away who has written the same name into a certificate himself', async () => {
    assert.deepEqual(await statusFor(pair('stranger')), { status: 403, hasToken: false });
  });
});
