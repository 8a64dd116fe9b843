import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import { listen } from '../../support/serve';
import { RoundRobinProxy } from '../roundRobinProxy';

interface FakeReplica {
  url: string;
  isReady: boolean;
  readonly bodies: string[];
  readonly server: Server;
}

describe('The proxy', () => {
  const servers: Server[] = [];

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(server: Server): Promise<string> {
    servers.push(server);
    return `http://localhost:${await listen(server, 0)}`;
  }

  /** @param reply By default a 200 that names the replica. */
  async function replica(name: string, reply?: RequestListener): Promise<FakeReplica> {
    const bodies: string[] = [];
    const server = createServer(async (req, res) => {
      let body = '';
      for await (const chunk of req.setEncoding('utf8')) body += chunk;
      bodies.push(body);
      res.setHeader('x-forwarded-for', String(req.headers['x-forwarded-for']));
      if (reply === undefined) res.end(`${name}: ${req.method} ${req.url}`);
      else reply(req, res);
    });
    return { url: await serve(server), isReady: true, bodies, server };
  }

  /** @param withinMs By default longer than a busy machine takes. */
  const proxyTo = (replicas: FakeReplica[], withinMs = 60_000) =>
    serve(new RoundRobinProxy(replicas, withinMs).server);

  const post = (url: string, body = 'a body') => fetch(`${url}/api?x=1`, { method: 'POST', body });

  /** Which replica has answered each of so many requests. */
  async function namesOf(url: string, count: number): Promise<string[]> {
    const names: string[] = [];
    for (let i = 0; i < count; i++) names.push((await (await post(url)).text()).slice(0, 1));
    return names;
  }

  it('asks one after the other, and passes on all that belongs to a request', async () => {
    const replicas = [await replica('A'), await replica('B')];
    const url = await proxyTo(replicas);
    const answer = await fetch(`${url}/api?x=1`, {
      method: 'POST',
      body: 'ü'.repeat(100_000),
      headers: { 'x-forwarded-for': '203.0.113.7' },
    });
    assert.equal(await answer.text(), 'A: POST /api?x=1');
    assert.match(answer.headers.get('x-forwarded-for') ?? '', /^203\.0\.113\.7, .*(127\.0\.0\.1|::1)$/);
    assert.equal(replicas[0]?.bodies[0], 'ü'.repeat(100_000));
    assert.deepEqual(await namesOf(url, 3), ['B', 'A', 'B']);
  });

  it('passes on an answer as it is', async () => {
    const busy = await replica('A', (_req, res) => {
      // In two steps: where restify is loaded, its `writeHead` returns nothing.
      res.writeHead(503, { 'Retry-After': '30' });
      res.end('later');
    });
    const answer = await post(await proxyTo([busy]));
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '30']);
    assert.equal(await answer.text(), 'later');
  });

  it('asks none that is not ready', async () => {
    const replicas = [await replica('A'), { ...(await replica('B')), isReady: false }];
    assert.deepEqual(await namesOf(await proxyTo(replicas), 3), ['A', 'A', 'A']);
  });

  it('asks the next one when a connection is refused', async () => {
    const [gone, alive] = [await replica('A'), await replica('B')];
    gone.server.close();
    assert.deepEqual(await namesOf(await proxyTo([gone, alive]), 2), ['B', 'B']);
    assert.deepEqual(alive.bodies, ['a body', 'a body']);
  });

  it('asks no other one once a replica has the request: that is for Webex Connect to repeat', async () => {
    const [dying, alive] = [await replica('A', (req) => req.socket.destroy()), await replica('B')];
    assert.equal((await post(await proxyTo([dying, alive]))).status, 502);
    assert.deepEqual([dying.bodies, alive.bodies], [['a body'], []]);
  });

  it('breaks off an answer that was broken off', async () => {
    const dying = await replica('A', (req, res) => {
      res.writeHead(200, { 'Content-Length': '10' });
      res.write('half', () => req.socket.destroy());
    });
    const answer = await post(await proxyTo([dying]));
    await assert.rejects(answer.text());
  });

  it('gives up one that does not answer in time', async () => {
    const frozen = await replica('A', () => {});
    assert.equal((await post(await proxyTo([frozen], 50))).status, 504);
  });

  it('says 503 when there is none', async () => {
    const gone = await replica('A');
    gone.server.close();
    const answer = await post(await proxyTo([gone]));
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '5']);
  });
});
