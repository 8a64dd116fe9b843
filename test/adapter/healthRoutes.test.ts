import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import express from 'express';
import express4 from 'express4';
import restify from 'restify';
import { type AdapterHealth, type HealthRoutes, type HealthRoutesOptions, healthRoutes } from '../../src';
import { judgeHealth } from '../../src/operations/health/judgeHealth';
import { type BotHost, serveBot } from '../support/botHost';
import { portOf } from '../support/fakeWebhook';
import { INACTIVE, wellFacts } from '../support/healthSamples';

type Mount = (routes: HealthRoutes) => Server;

const MOUNTS: Record<string, Mount> = {
  restify(routes) {
    const server = restify.createServer();
    routes.mount(server);
    return server.server;
  },
  'restify, one by one'({ live, ready }) {
    const server = restify.createServer();
    server.get('/health/live', live);
    server.head('/health/live', live);
    server.get('/health/ready', ready);
    server.head('/health/ready', ready);
    return server.server;
  },
  'restify with its usual plugins'(routes) {
    const server = restify.createServer();
    server.use(restify.plugins.acceptParser(server.acceptable));
    server.use(restify.plugins.queryParser());
    server.use(restify.plugins.gzipResponse());
    routes.mount(server);
    return server.server;
  },
  'Express 5'(routes) {
    const app = express();
    routes.mount(app);
    return createServer(app);
  },
  'Express 5, a router'(routes) {
    const router = express.Router();
    routes.mount(router);
    return createServer(express().use(router));
  },
  'Express 5, one by one'({ live, ready }) {
    const app = express().use(express.json());
    app.all('/health/live', live);
    app.all('/health/ready', ready);
    return createServer(app);
  },
  'Express 4'(routes) {
    const app = express4();
    routes.mount(app);
    return createServer(app);
  },
  'node:http'(routes) {
    return createServer((request, response) => {
      if (routes.handle(request, response)) return;
      response.writeHead(404);
      response.end('not here');
    });
  },
};

const WELL = judgeHealth(wellFacts(), 60_000);
const SO_SO = judgeHealth(wellFacts({ webhook: INACTIVE }), 60_000);
const ILL = judgeHealth(wellFacts({ state: { kind: 'stopping' } }), 60_000);

describe('healthRoutes', () => {
  let server: Server | undefined;
  let health: AdapterHealth;
  let asked: number;

  const serve = async (mount: Mount, options?: HealthRoutesOptions): Promise<string> => {
    health = WELL;
    asked = 0;
    const adapter = {
      async health() {
        asked++;
        return health;
      },
    };
    server = mount(healthRoutes(adapter, options));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${portOf(server)}`;
  };

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  for (const [name, mount] of Object.entries(MOUNTS)) {
    describe(`on ${name}`, () => {
      let url: string;

      beforeEach(async () => {
        url = await serve(mount, { version: '1', releaseId: '1.2.3' });
      });

      it('answers that it lives, and asks nobody', async () => {
        health = ILL;
        const answer = await fetch(`${url}/health/live`);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers.get('content-type'), 'application/health+json');
        assert.equal(answer.headers.get('cache-control'), 'no-store');
        assert.deepEqual(await answer.json(), { status: 'pass', version: '1', releaseId: '1.2.3' });
        assert.equal(asked, 0);
      });

      for (const [what, status, code] of [
        [WELL, 'pass', 200],
        [SO_SO, 'warn', 200],
        [ILL, 'fail', 503],
      ] as const) {
        it(`answers ${code} when it is ${status}, with reasons`, async () => {
          health = what;
          const answer = await fetch(`${url}/health/ready?probe=1`);
          assert.equal(answer.status, code);
          assert.equal(answer.headers.get('content-type'), 'application/health+json');
          assert.equal(answer.headers.get('cache-control'), 'no-store');
          const body: unknown = await answer.json();
          assert.ok(typeof body === 'object' && body !== null);
          assert.equal(Reflect.get(body, 'status'), status);
          assert.deepEqual(Reflect.get(body, 'notes'), what.reasons.length > 0 ? what.reasons : undefined);
          assert.ok('webhook:consecutiveFailures' in Object(Reflect.get(body, 'checks')));
          assert.equal(Reflect.get(body, 'version'), '1');
        });
      }

      it('answers HEAD without a body', async () => {
        health = ILL;
        for (const [path, code] of [
          ['/health/live', 200],
          ['/health/ready', 503],
        ] as const) {
          const answer = await fetch(`${url}${path}`, { method: 'HEAD' });
          assert.equal(answer.status, code);
          assert.equal(answer.headers.get('content-type'), 'application/health+json');
          assert.equal(await answer.text(), '');
        }
      });

      it('answers other methods 405, and says which are allowed', async () => {
        for (const method of ['POST', 'PUT', 'DELETE']) {
          for (const path of ['/health/live', '/health/ready']) {
            const answer = await fetch(`${url}${path}`, { method });
            assert.equal(answer.status, 405, `${method} ${path}`);
            const allowed = (answer.headers.get('allow') ?? '').split(/, */).sort();
            assert.deepEqual(allowed, ['GET', 'HEAD']);
          }
        }
        assert.equal(asked, 0);
      });

      it('answers one request after the other on one connection', async () => {
        const socket = connect(portOf(server ?? createServer()), '127.0.0.1');
        const request = 'GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n';
        const last = 'GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
        socket.write(request + request + last);
        let text = '';
        for await (const chunk of socket.setEncoding('utf8')) text += chunk;
        assert.equal(text.match(/HTTP\/1\.1 200/g)?.length, 3);
      });

      it('leaves other paths alone', async () => {
        for (const path of ['/health', '/health/live/x', '/healthy', '/']) {
          assert.equal((await fetch(`${url}${path}`)).status, 404, path);
        }
      });
    });
  }

  it('says nothing of the inside to strangers, if it is told so', async () => {
    const mount = MOUNTS['node:http'];
    assert.ok(mount);
    const url = await serve(mount, { showDetails: false });
    health = SO_SO;
    assert.deepEqual(await (await fetch(`${url}/health/ready`)).json(), { status: 'warn' });
    health = ILL;
    const answer = await fetch(`${url}/health/ready`);
    assert.equal(answer.status, 503);
    assert.deepEqual(await answer.json(), { status: 'fail' });
  });

  it('can lie elsewhere', async () => {
    const mount = MOUNTS.restify;
    assert.ok(mount);
    const url = await serve(mount, { path: '/bot/internal' });
    assert.equal((await fetch(`${url}/bot/internal/ready`)).status, 200);
    assert.equal((await fetch(`${url}/health/ready`)).status, 404);
  });

  it('can lie at the root', async () => {
    const mount = MOUNTS['node:http'];
    assert.ok(mount);
    const url = await serve(mount, { path: '' });
    assert.equal((await fetch(`${url}/ready`)).status, 200);
  });

  it('refuses options that make no sense, with their path', () => {
    const adapter = { health: async () => WELL };
    assert.throws(() => healthRoutes(adapter, { path: 'health' }), {
      code: 'WEBEX_CONNECT_CONFIGURATION',
      path: 'path',
    });
    assert.throws(() => healthRoutes(adapter, { path: '/health/' }), { path: 'path' });
    assert.throws(() => healthRoutes(adapter, { version: '' }), { path: 'version' });
  });

  describe('of a real adapter', () => {
    let host: BotHost;
    let url: string;

    beforeEach(async () => {
      host = await serveBot({}, undefined, (adapter, logic) => {
        const routes = healthRoutes(adapter);
        return createServer((request, response) => {
          if (!routes.handle(request, response)) void adapter.process(request, response, logic);
        });
      });
      url = new URL('/health/ready', host.url).href;
    });
    afterEach(() => host.stop());

    it('is ready while it runs, and not from the moment of the stop, while it still lives', async () => {
      const before = await fetch(url);
      assert.equal(before.status, 200);
      await before.arrayBuffer();
      await host.adapter.stop();
      const after = await fetch(url);
      assert.equal(after.status, 503);
      const body: unknown = await after.json();
      assert.deepEqual(Reflect.get(Object(body), 'notes'), ['the adapter was stopped']);
      assert.equal((await fetch(new URL('/health/live', host.url))).status, 200);
    });

    it('stands a storm of probes', async () => {
      const answers = await Promise.all(Array.from({ length: 200 }, () => fetch(url)));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    });
  });
});
