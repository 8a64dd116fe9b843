import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { makeProbe } from '../../../../src/operations/cli/doctor/probe';
import { portOf } from '../../../support/fakeWebhook';
import { type LoopbackServer, serveHttp, serveTcp } from '../../../support/loopbackServer';
import { CERTIFICATE } from '../support/certificate';

const TIME_LIMIT_MS = 10_000;

describe('The probe of the doctor', () => {
  const servers: { close(): unknown }[] = [];
  const probe = makeProbe();
  const request = { method: 'POST', timeoutMs: TIME_LIMIT_MS } as const;

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  async function keep(serving: Promise<LoopbackServer>): Promise<LoopbackServer> {
    const server = await serving;
    servers.push(server);
    return server;
  }

  async function serveTls(): Promise<Server> {
    const server = createServer(CERTIFICATE, (_request, response) => response.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push({
      close() {
        server.closeAllConnections();
        server.close();
      },
    });
    return server;
  }

  it('sends no body, the headers it is given, and brings what is answered', async () => {
    const seen: unknown[] = [];
    const { url } = await keep(
      serveHttp((received, response) => {
        const { method, url: path, headers } = received;
        seen.push(method, path, headers['content-length'], headers.authorization);
        response.writeHead(202, { 'X-Token': 'abc' });
        response.end('{"a":1}');
      }),
    );
    const answer = await probe({ ...request, url, headers: { authorization: 'Bearer x' } });
    assert.ok(answer.kind === 'answered');
    assert.deepEqual([answer.status, answer.headers['x-token'], answer.body], [202, 'abc', '{"a":1}']);
    assert.equal(answer.certificateEndsAt, undefined);
    assert.deepEqual(seen, ['POST', '/hooks/secret-path', '0', 'Bearer x']);
  });

  it('follows no redirect', async () => {
    const { url } = await keep(
      serveHttp((_request, response) => {
        response.writeHead(302, { Location: 'http://127.0.0.1:1/' });
        response.end();
      }),
    );
    const answer = await probe({ ...request, url });
    assert.ok(answer.kind === 'answered');
    assert.equal(answer.status, 302);
  });

  it('says that nobody listens', async () => {
    const server = await serveTcp(() => {});
    await server.close();
    assert.deepEqual(await probe({ ...request, url: server.url }), { kind: 'failed', code: 'ECONNREFUSED' });
    const { port } = server;
    assert.deepEqual(await probe({ ...request, url: `http://localhost:${port}/` }), {
      kind: 'failed',
      code: 'ECONNREFUSED',
    });
  });

  it('gives up on a server that says nothing, and on one that never ends', async () => {
    const silent = await keep(serveTcp(() => {}));
    const timeout = { kind: 'failed', code: 'TIMEOUT' };
    assert.deepEqual(await probe({ method: 'POST', url: silent.url, timeoutMs: 50 }), timeout);
    const endless = await keep(serveHttp((_request, response) => void response.write('a')));
    assert.deepEqual(await probe({ method: 'POST', url: endless.url, timeoutMs: 50 }), timeout);
  });

  it('reads no more of a body than it needs', async () => {
    const { url } = await keep(
      serveHttp((_request, response) => {
        const chunk = 'x'.repeat(64 * 1024);
        const more = () => {
          while (!response.destroyed && response.write(chunk));
        };
        response.on('drain', more);
        more();
      }),
    );
    const answer = await probe({ ...request, url });
    assert.ok(answer.kind === 'answered');
    assert.ok(answer.body.length < 1_000_000);
  });

  it('says what breaks off', async () => {
    const { url } = await keep(serveTcp((socket) => socket.resetAndDestroy()));
    assert.deepEqual(await probe({ ...request, url }), { kind: 'failed', code: 'ECONNRESET' });
  });

  it('trusts no certificate that nobody has signed', async () => {
    const port = portOf(await serveTls());
    const answer = await probe({ ...request, url: `https://localhost:${port}/` });
    assert.deepEqual(answer, { kind: 'failed', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  it('tells until when a certificate is good', async () => {
    const port = portOf(await serveTls());
    const answer = await makeProbe(CERTIFICATE.cert)({ ...request, url: `https://localhost:${port}/` });
    assert.ok(answer.kind === 'answered');
    assert.equal(answer.body, 'hello');
    assert.equal(new Date(answer.certificateEndsAt ?? 0).getUTCFullYear(), 2120);
  });
});
