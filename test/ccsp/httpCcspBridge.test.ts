import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { HttpCcspBridge, type HttpCcspBridgeOptions } from '../../src/ccsp/httpCcspBridge';
import type { DestinationClient } from '../../src/delivery/webhookClient';
import { WebexConnectConfigurationError } from '../../src/errors';
import type { OutboxMessage } from '../../src/store/deliveryStore';
import { ManualClock } from '../../src/testing/manualClock';
import { type LoopbackServer, serveHttp, serveTcp } from '../support/loopbackServer';
import { present } from '../support/present';
import { signal } from '../support/signal';
import { newMessage } from '../support/storeSamples';
import { HANDOVER } from './handoverSamples';

const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const OTHER_KEY = Buffer.from('fedcba9876543210fedcba9876543210');
const SECRET = `whsec_${KEY.toString('base64')}`;
const OTHER_SECRET = `whsec_${OTHER_KEY.toString('base64')}`;
const URL_OF_CCSP = 'https://ccsp.example/handovers/secret-path';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function bridge(options: Partial<HttpCcspBridgeOptions> = {}): HttpCcspBridge {
  return new HttpCcspBridge({ url: URL_OF_CCSP, secret: SECRET, ...options });
}

function messageOf(id: string, body: object): OutboxMessage {
  return {
    ...newMessage('c', id, { body: JSON.stringify(body), destination: 'contact-centre' }),
    ambiguousAttempts: 0,
    lastError: undefined,
  };
}

function signatureOf({ headers, body }: Received, key: Buffer): string {
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

describe('HttpCcspBridge, the handover', () => {
  it('is written with all that is known', () => {
    const customParams = { customparam1: 'gold' };
    assert.deepEqual(bridge().compose({ ...HANDOVER, customParams }), {
      type: 'handover.initiated',
      timestamp: '2026-03-09T14:06:00.500Z',
      data: {
        id: 'ACT-1',
        conversationId: HANDOVER.conversationId,
        channel: 'FB',
        context: { skill: 'billing' },
        transcript: [
          { author: 'customer', text: 'A person, please', timestamp: '2026-03-09T14:05:58.500Z' },
          { author: 'bot', text: 'One moment', timestamp: '2026-03-09T14:05:59.500Z' },
        ],
        customParams,
      },
    });
  });

  it('is written without what is not known', () => {
    const handover = { ...HANDOVER, channel: undefined, context: undefined, transcript: [] };
    const { data } = bridge().compose(handover);
    assert.deepEqual(data, {
      id: 'ACT-1',
      conversationId: HANDOVER.conversationId,
      transcript: [],
      customParams: {},
    });
  });

  it('is written the same every time', () => {
    assert.deepEqual(bridge().compose(HANDOVER), bridge().compose(HANDOVER));
  });
});

describe('HttpCcspBridge, the request', () => {
  const clock = new ManualClock();
  let server: LoopbackServer;
  let received: Received[] = [];
  let answer: (response: ServerResponse) => void = (response) => response.writeHead(202).end();
  let clients: DestinationClient[] = [];

  before(async () => {
    server = await serveHttp(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      received.push({ headers: request.headers, body });
      answer(response);
    });
  });
  after(() => server.close());
  afterEach(() => {
    for (const client of clients) client.close();
    clients = [];
    received = [];
    answer = (response) => response.writeHead(202).end();
  });

  function clientOf(options: Partial<HttpCcspBridgeOptions> = {}): DestinationClient {
    const { destination } = bridge({ url: server.url, ...options });
    const client = destination.createClient({ timeoutMs: 5000, maxConnections: 4 }, clock);
    clients.push(client);
    return client;
  }

  const handover = bridge().compose({ ...HANDOVER, context: { note: 'Grüße 😀 \ud800' } });

  it('is signed over the bytes as they come', async () => {
    const outcome = await clientOf().send(messageOf('ACT-1', handover));
    assert.deepEqual(outcome, { kind: 'accepted', platformMessageId: undefined });
    const one = present(received[0]);
    assert.deepEqual(JSON.parse(one.body), JSON.parse(JSON.stringify(handover)));
    assert.equal(one.headers['webhook-id'], 'ACT-1');
    assert.equal(one.headers['idempotency-key'], 'ACT-1');
    assert.equal(one.headers['content-type'], 'application/json; charset=utf-8');
    assert.equal(one.headers['webhook-signature'], signatureOf(one, KEY));
  });

  it('is signed anew, with the seconds of the attempt and the same id, whenever it is sent again', async () => {
    const client = clientOf();
    await client.send(messageOf('ACT-1', handover));
    const first = Math.floor(clock.now() / 1000);
    await clock.advance(600_000);
    await client.send(messageOf('ACT-1', handover));
    const attempts = received.map(({ headers }) => [headers['webhook-id'], headers['webhook-timestamp']]);
    assert.deepEqual(attempts, [
      ['ACT-1', String(first)],
      ['ACT-1', String(first + 600)],
    ]);
    assert.equal(received[1]?.headers['webhook-signature'], signatureOf(present(received[1]), KEY));
  });

  it('carries a signature of each secret while one is being replaced', async () => {
    await clientOf({ secret: [SECRET, OTHER_SECRET] }).send(messageOf('ACT-1', handover));
    const one = present(received[0]);
    assert.equal(one.headers['webhook-signature'], `${signatureOf(one, KEY)} ${signatureOf(one, OTHER_KEY)}`);
  });

  it('carries the headers of the option', async () => {
    await clientOf({ headers: { Authorization: 'Bearer key' } }).send(messageOf('ACT-1', handover));
    assert.equal(received[0]?.headers.authorization, 'Bearer key');
  });

  it('is accepted by any 2xx, whatever the body says', async () => {
    answer = (response) => response.writeHead(200).end('{"error":"no","Messageid":"M-1"}');
    const outcome = await clientOf().send(messageOf('ACT-1', handover));
    assert.deepEqual(outcome, { kind: 'accepted', platformMessageId: undefined });
  });

  it('is no more than refused when it is refused', async () => {
    answer = (response) => response.writeHead(422).end();
    const outcome = await clientOf().send(messageOf('ACT-1', handover));
    assert.deepEqual(outcome, { kind: 'refused', reason: 'the webhook answered 422', blames: 'message' });
  });

  for (const [name, options, timeoutMs] of [
    ["the adapter's", {}, 5000],
    ["the bridge's own", { timeoutMs: 15_000 }, 15_000],
  ] as const) {
    it(`has ${name} time limit`, async () => {
      const arrived = signal();
      const silent = await serveTcp(arrived.give);
      try {
        const sending = clientOf({ url: silent.url, ...options }).send(messageOf('ACT-1', handover));
        await arrived.given;
        assert.equal(clock.nextTimerIn, timeoutMs);
        await clock.advance(timeoutMs);
        assert.equal((await sending).kind, 'failed');
      } finally {
        await silent.close();
      }
    });
  }

  it('leaves the secret nowhere to be seen', async () => {
    const options = { secret: [SECRET, OTHER_SECRET], headers: { 'X-Api-Key': 'api-key-value' } };
    const one = bridge({ url: server.url, ...options });
    const client = one.destination.createClient({ timeoutMs: 5000, maxConnections: 1 }, clock);
    clients.push(client);
    answer = (response) => response.socket?.destroy();
    const outcome = await client.send(messageOf('ACT-1', handover));
    assert.equal(outcome.kind, 'failed');
    for (const shown of [one, client, outcome]) {
      const text = inspect(shown, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true });
      assert.doesNotMatch(
        text + JSON.stringify(shown),
        /whsec_|MDEyMzQ1|0123456789abcdef|30 31 32|48,\s*49|api-key-value|secret-path/,
      );
    }
  });
});

describe('HttpCcspBridge, options', () => {
  it('names the destination', () => {
    assert.equal(bridge().destination.name, 'contact-centre');
    assert.equal(bridge({ name: 'enghouse.eu-1' }).destination.name, 'enghouse.eu-1');
  });

  for (const url of [
    'https://ccsp.example',
    'http://localhost:4000/x',
    'http://app.localhost',
    'http://127.0.0.1:1',
    'http://127.1',
    'http://[::1]:8080/x',
  ]) {
    it(`takes ${url}`, () => assert.doesNotThrow(() => bridge({ url })));
  }

  it('takes http to other machines when told so', () => {
    assert.doesNotThrow(() => bridge({ url: 'http://ccsp.internal', allowInsecureHttp: true }));
  });

  for (const length of [24, 64]) {
    it(`takes a secret of ${length} bytes`, () => {
      assert.doesNotThrow(() => bridge({ secret: `whsec_${Buffer.alloc(length, 7).toString('base64')}` }));
    });
  }

  const wrong: [string, string, object][] = [
    ['no url', 'url', { url: undefined }],
    ['a url that is none', 'url', { url: 'ccsp' }],
    ['another protocol', 'url', { url: 'ftp://ccsp.example' }],
    ['http to another machine', 'url', { url: 'http://ccsp.example' }],
    ['http to what only looks like this machine', 'url', { url: 'http://127.0.0.1.example' }],
    ['http to what only begins like it', 'url', { url: 'http://localhost.example' }],
    ['a user and a password in the url', 'url', { url: 'https://user:short@ccsp.example' }],
    ['no secret', 'secret', { secret: undefined }],
    ['no secrets', 'secret', { secret: [] }],
    ['a secret without its prefix', 'secret', { secret: KEY.toString('base64') }],
    ['a secret that is no base64', 'secret', { secret: 'whsec_not base64 not base64 not base64!' }],
    ['a secret whose base64 is cut', 'secret', { secret: SECRET.slice(0, -1) }],
    ['a short secret', 'secret', { secret: `whsec_${Buffer.alloc(23, 7).toString('base64')}` }],
    ['a long secret', 'secret', { secret: `whsec_${Buffer.alloc(65, 7).toString('base64')}` }],
    ['one wrong secret of two', 'secret.1', { secret: [SECRET, 'whsec_short'] }],
    ["the webhook's name", 'name', { name: 'webhook' }],
    ['an empty name', 'name', { name: '' }],
    ['a name with a blank', 'name', { name: 'a b' }],
    ['no time at all', 'timeoutMs', { timeoutMs: 0 }],
    ['a header that cannot be sent', 'headers.X-Key', { headers: { 'X-Key': 'a\nb' } }],
    ['a header with a wrong name', 'headers.a b', { headers: { 'a b': 'x' } }],
    ['a header of the signature', 'headers.Webhook-Id', { headers: { 'Webhook-Id': 'x' } }],
    ['the key of idempotency', 'headers.idempotency-key', { headers: { 'idempotency-key': 'x' } }],
    ['the length of the body', 'headers.Content-Length', { headers: { 'Content-Length': '1' } }],
    ['an option that is not known', 'token', { token: 'x' }],
  ];
  for (const [name, path, options] of wrong) {
    it(`refuses ${name}, naming '${path}' and showing no value`, () => {
      assert.throws(
        () => bridge(options),
        (error) => {
          assert.ok(error instanceof WebexConnectConfigurationError, String(error));
          assert.equal(error.path, path);
          assert.match(error.message, /^HttpCcspBridge option/);
          assert.doesNotMatch(inspect(error), /MDEyMzQ1|BwcHBwcH|not base64|short'|ccsp\.example/);
          return true;
        },
      );
    });
  }
});
