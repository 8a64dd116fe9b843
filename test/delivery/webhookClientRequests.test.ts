import assert from 'node:assert/strict';
import type { OutboxMessage } from '../../src/store/deliveryStore';
import { present } from '../support/present';
import { accepted, describeWebhookClient, message } from './support/webhookStage';

describeWebhookClient(({ clock, clientFor, webhook }) => {
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
});
