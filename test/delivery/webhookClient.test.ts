import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AxiosTransport } from '../../src/delivery/http/axiosTransport';
import type { HttpTransport, HttpTransportSettings } from '../../src/delivery/http/httpTransport';
import { UndiciTransport } from '../../src/delivery/http/undiciTransport';
import type { SendOutcome } from '../../src/delivery/sendOutcome';
import { WebhookClient, type WebhookClientSettings } from '../../src/delivery/webhookClient';
import type { OutboxMessage } from '../../src/store/deliveryStore';
import { ManualClock } from '../../src/testing/manualClock';
import { letEventLoopTurn } from '../support/eventLoop';
import { type LoopbackServer, serveHttp, serveTcp } from '../support/loopbackServer';
import { present } from '../support/present';
import { signal } from '../support/signal';
import { newMessage } from '../support/storeSamples';

const TLS = join(__dirname, '../fixtures/tls');

interface Received {
  readonly request: IncomingMessage;
  readonly body: string;
}

type Answer = (response: ServerResponse, received: Received) => void;

const message: OutboxMessage = {
  ...newMessage('c', 'message-1', { body: '{"message":"Grüße 😀"}' }),
  ambiguousAttempts: 0,
  lastError: undefined,
};

const transports: Readonly<Record<string, (settings: HttpTransportSettings) => HttpTransport>> = {
  undici: (settings) => new UndiciTransport(settings),
  axios: (settings) => new AxiosTransport(settings),
};

for (const [name, openTransport] of Object.entries(transports))
  describe(`WebhookClient, ${name}`, () => {
    const clock = new ManualClock();
    let servers: LoopbackServer[] = [];
    let clients: WebhookClient[] = [];

    afterEach(async () => {
      for (const client of clients) client.close();
      for (const server of servers) await server.close();
      clients = [];
      servers = [];
    });

    function clientFor(url: string, more: Partial<WebhookClientSettings> = {}): WebhookClient {
      const settings: WebhookClientSettings = {
        url,
        timeoutMs: 5000,
        maxConnections: 4,
        judgeAnswer: () => 'accepted',
        platformMessageId: () => undefined,
        ...more,
      };
      const client = new WebhookClient(settings, clock, openTransport);
      clients.push(client);
      return client;
    }

    async function serving(start: Promise<LoopbackServer>): Promise<LoopbackServer> {
      const server = await start;
      servers.push(server);
      return server;
    }

    /** A webhook that reads each request to its end, and what it has read. */
    async function webhook(answer: Answer): Promise<{ server: LoopbackServer; received: Received[] }> {
      const received: Received[] = [];
      const listener: RequestListener = async (request, response) => {
        let body = '';
        for await (const chunk of request.setEncoding('utf8')) body += chunk;
        const one = { request, body };
        received.push(one);
        answer(response, one);
      };
      return { server: await serving(serveHttp(listener)), received };
    }

    async function outcomeOf(
      answer: Answer,
      more: Partial<WebhookClientSettings> = {},
    ): Promise<SendOutcome> {
      const { server } = await webhook(answer);
      return clientFor(server.url, more).send(message);
    }

    /** A server that answers the first bytes it gets with `bytes`, and then closes the connection. */
    async function outcomeOfBytes(bytes: string | Buffer): Promise<SendOutcome> {
      const server = await serving(serveTcp((socket) => socket.end(bytes)));
      return clientFor(server.url).send(message);
    }

    const accepted: SendOutcome = { kind: 'accepted', platformMessageId: undefined };

    describe('the request', () => {
      it('is a POST of the body as it is, with its type, length and Idempotency-Key', async () => {
        const { server, received } = await webhook((response) => response.end());
        assert.deepEqual(await clientFor(server.url).send(message), accepted);
        const [{ request, body }] = [present(received[0])];
        assert.equal(request.method, 'POST');
        assert.equal(request.url, '/hooks/secret-path');
        assert.equal(body, message.body);
        assert.equal(request.headers['content-type'], 'application/json; charset=utf-8');
        assert.equal(request.headers['content-length'], String(Buffer.byteLength(message.body)));
        assert.equal(request.headers['idempotency-key'], 'message-1');
        assert.equal(request.headers['accept-encoding'], 'identity');
      });

      it('carries the headers that are made for the attempt, beside its Idempotency-Key', async () => {
        const { server, received } = await webhook((response) => response.end());
        const headersOf = (sent: OutboxMessage, now: number) => ({
          'webhook-id': sent.id,
          'webhook-timestamp': String(now),
          'idempotency-key': 'another',
        });
        const client = clientFor(server.url, { headersOf });
        await client.send(message);
        await clock.advance(1000);
        await client.send(message);
        const times = received.map(({ request }) => Number(request.headers['webhook-timestamp']));
        assert.deepEqual(times, [clock.now() - 1000, clock.now()]);
        assert.equal(received[0]?.request.headers['webhook-id'], 'message-1');
        assert.equal(received[0]?.request.headers['idempotency-key'], 'message-1');
        assert.equal(received[0]?.request.headers['content-type'], 'application/json; charset=utf-8');
      });

      it('uses the connection of the one before', async () => {
        const { server, received } = await webhook((response) => response.end('{}'));
        const client = clientFor(server.url, { maxConnections: 1 });
        for (let time = 0; time < 3; time++) await client.send(message);
        assert.equal(received.length, 3);
        assert.equal(server.sockets.length, 1);
      });

      it('uses the connection again after a failure, too', async () => {
        const { server } = await webhook((response) => response.writeHead(500).end('sorry'));
        const client = clientFor(server.url, { maxConnections: 1 });
        await client.send(message);
        await client.send(message);
        assert.equal(server.sockets.length, 1);
      });

      it('ignores the proxies of the environment', async () => {
        const { server: proxy, received: proxied } = await webhook((response) => response.end());
        const { server, received } = await webhook((response) => response.end());
        const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];
        const before = names.map((name) => [name, process.env[name]] as const);
        for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`;
        try {
          assert.deepEqual(await clientFor(server.url).send(message), accepted);
        } finally {
          for (const [name, value] of before) {
            if (value === undefined) delete process.env[name];
            else process.env[name] = value;
          }
        }
        assert.equal(proxied.length, 0);
        assert.equal(received.length, 1);
      });
    });

    describe('the status', () => {
      for (const status of [200, 201, 202, 204, 299]) {
        it(`${status} is accepted`, async () => {
          assert.deepEqual(await outcomeOf((response) => response.writeHead(status).end()), accepted);
        });
      }

      it('500 is a failure that may pass', async () => {
        assert.deepEqual(await outcomeOf((response) => response.writeHead(500).end('a stack trace')), {
          kind: 'failed',
          reason: 'the webhook answered 500',
          isAmbiguous: false,
          retryAfterMs: undefined,
        });
      });

      it('400 blames the message, and none of the answer is kept', async () => {
        assert.deepEqual(await outcomeOf((response) => response.writeHead(400).end('your text: Hello')), {
          kind: 'refused',
          reason: 'the webhook answered 400',
          blames: 'message',
        });
      });

      for (const status of [300, 301, 302, 303, 307, 308]) {
        it(`${status} blames the webhook, and is not followed`, async () => {
          const { server: elsewhere, received } = await webhook((response) => response.end());
          const outcome = await outcomeOf((response) =>
            response.writeHead(status, { Location: elsewhere.url }).end(),
          );
          const reason = `the webhook answered ${status}`;
          assert.deepEqual(outcome, { kind: 'refused', reason, blames: 'webhook' });
          assert.equal(received.length, 0);
        });
      }

      for (const status of [429, 503]) {
        it(`${status} may name the seconds to wait`, async () => {
          const outcome = await outcomeOf((response) =>
            response.writeHead(status, { 'Retry-After': '120' }).end(),
          );
          assert.equal(outcome.kind === 'failed' && outcome.retryAfterMs, 120_000);
        });
      }

      it('429 may name the time to wait until', async () => {
        const date = new Date(clock.now() + 90_000).toUTCString();
        const outcome = await outcomeOf((response) => response.writeHead(429, { 'Retry-After': date }).end());
        assert.equal(outcome.kind === 'failed' && outcome.retryAfterMs, 90_000);
      });

      it('429 may name the time to wait twice, which is no reason to take it for no answer', async () => {
        const headers = 'Retry-After: 7\r\nRetry-After: 8\r\nContent-Length: 0';
        const outcome = await outcomeOfBytes(`HTTP/1.1 429 Slow down\r\n${headers}\r\n\r\n`);
        assert.ok(outcome.kind === 'failed' && outcome.reason === 'the webhook answered 429');
      });

      it('429 may name nothing that can be read', async () => {
        const outcome = await outcomeOf((response) =>
          response.writeHead(429, { 'Retry-After': 'soon' }).end(),
        );
        assert.deepEqual(outcome.kind === 'failed' && outcome.retryAfterMs, undefined);
      });
    });

    describe('the body of the answer', () => {
      it('may hold the platform’s id', async () => {
        const outcome = await outcomeOf((response) => response.end('{"id":"p-1"}'), {
          platformMessageId: (body) => String(JSON.parse(body).id),
        });
        assert.deepEqual(outcome, { kind: 'accepted', platformMessageId: 'p-1' });
      });

      it('is judged together with the status', async () => {
        const seen: unknown[] = [];
        await outcomeOf((response) => response.writeHead(202).end('Grüße'), {
          judgeAnswer(answer) {
            seen.push(answer);
            return 'accepted';
          },
        });
        assert.deepEqual(seen, [{ status: 202, body: 'Grüße' }]);
      });

      it('may say that the message is refused', async () => {
        const outcome = await outcomeOf((response) => response.end('no'), { judgeAnswer: () => 'refuse' });
        assert.deepEqual(outcome, {
          kind: 'refused',
          reason: 'the webhook answered 200, but judgeAnswer found an error in the body',
          blames: 'message',
        });
      });

      it('may say that it is worth another try', async () => {
        const answer: Answer = (response) => response.writeHead(200, { 'Retry-After': '60' }).end('busy');
        const outcome = await outcomeOf(answer, { judgeAnswer: () => 'retry' });
        assert.ok(outcome.kind === 'failed' && !outcome.isAmbiguous && outcome.retryAfterMs === 60_000);
      });

      it('is not judged when the status says enough', async () => {
        const judgeAnswer = () => assert.fail('it was judged');
        const outcome = await outcomeOf((response) => response.writeHead(500).end(), { judgeAnswer });
        assert.ok(outcome.kind === 'failed' && outcome.reason === 'the webhook answered 500');
      });

      for (const name of ['judgeAnswer', 'platformMessageId'] as const) {
        it(`counts as accepted when ${name} throws: it was 2xx, and the customer must not read it twice`, async () => {
          const outcome = await outcomeOf((response) => response.end('x'), {
            [name]: () => {
              throw new Error('is my fault');
            },
          });
          assert.deepEqual(outcome, { kind: 'accepted', platformMessageId: undefined });
        });
      }

      it('is cut when it is huge, and its status counts', async () => {
        const lengths: number[] = [];
        const outcome = await outcomeOf((response) => response.end('x'.repeat(1024 * 1024)), {
          judgeAnswer({ body }) {
            lengths.push(body.length);
            return 'accepted';
          },
        });
        assert.deepEqual(outcome, accepted);
        assert.deepEqual(lengths, [64 * 1024]);
      });

      it('is cut when it never ends, and its status counts', async () => {
        const answer: Answer = (response) => {
          const more = () => {
            while (!response.destroyed && response.write('x'.repeat(16 * 1024)));
          };
          response.on('drain', more);
          more();
        };
        assert.deepEqual(await outcomeOf(answer), accepted);
      });

      it('is not unpacked: a few kilobytes may be gigabytes', async () => {
        const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
        const bodies: string[] = [];
        const outcome = await outcomeOf(
          (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb),
          {
            judgeAnswer({ body }) {
              bodies.push(body);
              return 'accepted';
            },
          },
        );
        assert.deepEqual(outcome, accepted);
        assert.deepEqual(bodies, [bomb.toString('utf8', 0, 64 * 1024)]);
      });

      it('may come after a thousand preliminary answers', async () => {
        const preliminary = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(1000);
        const final = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
        assert.deepEqual(await outcomeOfBytes(preliminary + final), accepted);
      });

      it('may stand behind more headers than anybody needs: then nobody can tell what was answered', async () => {
        const outcome = await outcomeOfBytes(`HTTP/1.1 200 OK\r\n${'X-Bomb: 1\r\n'.repeat(100_000)}\r\n`);
        assert.deepEqual(outcome, {
          kind: 'failed',
          reason: 'network error HPE_HEADER_OVERFLOW',
          isAmbiguous: true,
          retryAfterMs: undefined,
        });
      });

      it('may break off: the status was there already', async () => {
        assert.deepEqual(
          await outcomeOfBytes('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id"'),
          accepted,
        );
      });

      it('may break off after a failure, too', async () => {
        const outcome = await outcomeOfBytes('HTTP/1.1 503 Oops\r\nContent-Length: 100\r\n\r\nwell');
        assert.ok(outcome.kind === 'failed' && outcome.reason === 'the webhook answered 503');
      });

      it('may claim to be gzip and be garbage: the status counts', async () => {
        const outcome = await outcomeOf((response) =>
          response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('this is no gzip'),
        );
        assert.deepEqual(outcome, accepted);
      });

      it('may stall: the status counts when the time is up', async () => {
        const written = signal();
        const { server } = await webhook((response) => {
          response.writeHead(200, { 'Content-Length': '100' });
          response.write('{', written.give);
        });
        const sending = clientFor(server.url).send(message);
        await written.given;
        await letEventLoopTurn();
        await clock.advance(5000);
        assert.deepEqual(await sending, accepted);
      });
    });

    describe('the connection', () => {
      it('that is refused leaves nothing unknown', async () => {
        const server = await serveHttp(() => {});
        await server.close();
        assert.deepEqual(await clientFor(server.url).send(message), {
          kind: 'failed',
          reason: 'network error ECONNREFUSED',
          isAmbiguous: false,
          retryAfterMs: undefined,
        });
      });

      it('to somebody whose certificate nobody knows is not made, and leaves nothing unknown', async () => {
        const requests: string[] = [];
        const impostor = createServer(
          { key: readFileSync(join(TLS, 'server.key')), cert: readFileSync(join(TLS, 'server.crt')) },
          (request) => requests.push(request.url ?? ''),
        );
        impostor.on('tlsClientError', () => {});
        impostor.listen(0, '127.0.0.1');
        await once(impostor, 'listening');
        const address = impostor.address();
        assert.ok(typeof address === 'object' && address !== null);
        try {
          assert.deepEqual(await clientFor(`https://localhost:${address.port}/hooks`).send(message), {
            kind: 'failed',
            reason: 'network error UNABLE_TO_VERIFY_LEAF_SIGNATURE',
            isAmbiguous: false,
            retryAfterMs: undefined,
          });
        } finally {
          impostor.close();
        }
        assert.deepEqual(requests, []);
      });

      it('for a header that cannot be sent as it is leaves nothing unknown, whether it is mended or refused', async () => {
        const { server, received } = await webhook((response) => response.end());
        const client = clientFor(server.url, { headersOf: () => ({ 'X-Broken': 'a\nb' }) });
        const outcome = await client.send(message);
        // axios mends it, undici refuses it.
        const isRefused = outcome.kind === 'failed' && !outcome.isAmbiguous;
        assert.equal(outcome.kind, isRefused ? 'failed' : 'accepted');
        assert.equal(received.length, isRefused ? 0 : 1);
      });

      it('that is reset after the bytes leaves the outcome unknown', async () => {
        const server = await serving(serveTcp((socket) => socket.resetAndDestroy()));
        assert.deepEqual(await clientFor(server.url).send(message), {
          kind: 'failed',
          reason: 'network error ECONNRESET',
          isAmbiguous: true,
          retryAfterMs: undefined,
        });
      });

      it('that ends without an answer leaves the outcome unknown', async () => {
        assert.deepEqual(await outcomeOfBytes(''), {
          kind: 'failed',
          reason: 'network error ECONNRESET',
          isAmbiguous: true,
          retryAfterMs: undefined,
        });
      });

      it('that ends after a preliminary answer leaves the outcome unknown', async () => {
        const outcome = await outcomeOfBytes('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n');
        assert.ok(outcome.kind === 'failed' && outcome.isAmbiguous);
      });

      it('that is waited for in vain is never made: what was cut is not sent', async () => {
        const first = signal();
        const release = signal();
        const { server, received } = await webhook(async (response) => {
          first.give();
          await release.given;
          response.end();
        });
        const transport = openTransport({ url: server.url, maxConnections: 1 });
        try {
          const busy = transport.post('{}', {});
          await first.given;
          const waiting = transport.post('{}', {});
          waiting.cut();
          await assert.rejects(waiting.answer, { name: 'HttpTransportError' });
          release.give();
          assert.equal((await busy.answer).status, 200);
          assert.equal((await transport.post('{}', {}).answer).status, 200);
        } finally {
          transport.close();
        }
        assert.equal(received.length, 2);
      });

      it('that answers what is not HTTP leaves the outcome unknown', async () => {
        const outcome = await outcomeOfBytes('SSH-2.0-OpenSSH_9.6\r\n\r\n');
        assert.ok(outcome.kind === 'failed' && outcome.isAmbiguous);
        assert.doesNotMatch(outcome.reason, /OpenSSH|127\.0\.0\.1|secret/);
      });

      it('that gives no answer in time is cut, and leaves the outcome unknown', async () => {
        const arrived = signal();
        const server = await serving(serveTcp(arrived.give));
        const sending = clientFor(server.url).send(message);
        await arrived.given;
        const [socket] = server.sockets;
        const cut = once(present(socket), 'close');
        await clock.advance(4999);
        assert.equal(socket?.readyState, 'open');
        await clock.advance(1);
        assert.deepEqual(await sending, {
          kind: 'failed',
          reason: 'no answer within 5000 ms',
          isAmbiguous: true,
          retryAfterMs: undefined,
        });
        await cut;
      });

      it('is cut by close(), and the outcome is unknown', async () => {
        const arrived = signal();
        const server = await serving(serveTcp(arrived.give));
        const client = clientFor(server.url);
        const sending = client.send(message);
        await arrived.given;
        client.close();
        const outcome = await sending;
        assert.ok(outcome.kind === 'failed' && outcome.isAmbiguous);
      });

      it('is given up by close() when it is idle', async () => {
        const { server } = await webhook((response) => response.end());
        const client = clientFor(server.url);
        await client.send(message);
        const closed = once(present(server.sockets[0]), 'close');
        client.close();
        await closed;
      });

      it('leaves no timer behind', async () => {
        await outcomeOf((response) => response.end());
        await outcomeOfBytes('');
        assert.equal(clock.nextTimerIn, undefined);
      });
    });
  });
