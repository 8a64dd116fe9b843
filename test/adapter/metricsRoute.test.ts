import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import express from 'express';
import restify from 'restify';
import { type MetricsHandler, metricsRoute, WebexConnectAdapter } from '../../src';
import { portOf } from '../support/fakeWebhook';
import { parsePrometheus } from '../support/prometheusParser';

const MOUNTS: Record<string, (handler: MetricsHandler) => Server> = {
  restify: (handler) => {
    const server = restify.createServer();
    server.get('/metrics', handler);
    server.head('/metrics', handler);
    server.post('/metrics', handler);
    return server.server;
  },
  Express: (handler) => {
    const app = express();
    app.all('/metrics', handler);
    return createServer(app);
  },
  'node:http': (handler) => createServer((request, response) => void handler(request, response)),
};

describe('metricsRoute', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  for (const [name, mount] of Object.entries(MOUNTS)) {
    describe(`on ${name}`, () => {
      let url: string;
      let adapter: WebexConnectAdapter;

      beforeEach(async () => {
        adapter = new WebexConnectAdapter({ webhookUrl: 'http://127.0.0.1:9/' });
        server = mount(metricsRoute(adapter));
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        url = `http://127.0.0.1:${portOf(server)}/metrics`;
      });
      afterEach(() => adapter.stop());

      it('answers with what Prometheus reads, also before the start', async () => {
        const answer = await fetch(url, { headers: { accept: 'application/openmetrics-text, */*' } });
        assert.equal(answer.status, 200);
        assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
        assert.equal(answer.headers.get('cache-control'), 'no-store');
        const families = parsePrometheus(await answer.text());
        assert.equal(families.get('webex_connect_store_up')?.samples[0]?.value, 0);
        assert.equal(families.get('webex_connect_events_stored_total')?.samples[0]?.value, 0);
      });

      it('answers HEAD without a body, and POST not at all', async () => {
        const head = await fetch(url, { method: 'HEAD' });
        assert.equal(head.status, 200);
        assert.equal(await head.text(), '');
        const post = await fetch(url, { method: 'POST' });
        assert.equal(post.status, 405);
        assert.equal(post.headers.get('allow'), 'GET, HEAD');
      });
    });
  }
});
