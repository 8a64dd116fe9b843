import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { serveHttp, serveTcp } from '../support/loopbackServer';
import { present } from '../support/present';
import { signal } from '../support/signal';
import { describeWebhookClient, message } from './support/webhookStage';

const TLS = join(__dirname, '../fixtures/tls');

describeWebhookClient(({ clock, openTransport, clientFor, serving, webhook, outcomeOf, outcomeOfBytes }) => {
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
