import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import nock from 'nock';
import type { HttpTransport } from '../../../src/delivery/http/httpTransport';
import { FIXED_HEADERS, joinHeaders } from '../../../src/delivery/http/httpTransport';
import { isNodeHttpIntercepted, openTransport } from '../../../src/delivery/http/openTransport';
import { type LoopbackServer, serveHttp } from '../../support/loopbackServer';
import { present } from '../../support/present';

describe('openTransport', () => {
  let server: LoopbackServer | undefined;
  let transport: HttpTransport | undefined;

  beforeEach(async () => {
    server = await serveHttp((request, response) => {
      request.resume();
      response.end('taken');
    });
  });

  afterEach(async () => {
    nock.cleanAll();
    nock.restore();
    transport?.close();
    await server?.close();
  });

  function open(url = present(server).url): HttpTransport {
    transport = openTransport({ url, maxConnections: 2 });
    return transport;
  }

  const post = (opened: HttpTransport) => opened.post('{}', FIXED_HEADERS).answer;

  it('takes the short way when nobody watches', async () => {
    assert.equal(isNodeHttpIntercepted(), false);
    let requests = 0;
    const original = http.Agent.prototype.createConnection;
    http.Agent.prototype.createConnection = function (...args) {
      requests++;
      return original.apply(this, args);
    };
    try {
      assert.deepEqual(await post(open()), { status: 200, retryAfter: undefined, body: 'taken' });
    } finally {
      http.Agent.prototype.createConnection = original;
    }
    assert.equal(requests, 0, 'nothing went through an agent of node:http');
  });

  it('lets nock see every request, from the moment it is switched on until it is switched off', async () => {
    const opened = open();
    await post(opened);
    nock.activate();
    const caught = nock(new URL(present(server).url).origin)
      .post(/.*/)
      .reply(202, 'caught');
    assert.deepEqual(await post(opened), { status: 202, retryAfter: undefined, body: 'caught' });
    assert.ok(caught.isDone());
    nock.restore();
    assert.equal((await post(opened)).body, 'taken');
  });

  /** Puts somebody in the place of `http.request`, as tracing agents do. */
  async function traced(action: () => Promise<void>): Promise<unknown[]> {
    const original = http.request;
    const seen: unknown[] = [];
    const wrapped: typeof http.request = (...args: unknown[]) => {
      seen.push(args[0]);
      return Reflect.apply(original, http, args);
    };
    http.request = wrapped;
    try {
      await action();
    } finally {
      http.request = original;
    }
    return seen;
  }

  it('is seen by whoever has put himself in the place of http.request, as tracing agents do', async () => {
    const seen = await traced(async () => {
      assert.equal(isNodeHttpIntercepted(), true);
      assert.equal((await post(open())).body, 'taken');
    });
    assert.equal(seen.length, 1);
  });

  it('takes what it does not know for such a one', () => {
    assert.equal(isNodeHttpIntercepted(null), true);
    assert.equal(isNodeHttpIntercepted(new Proxy(http.request, {})), true);
    const agent = new Function(
      'function request(url, options, cb) { return new ClientRequest(url, options, cb) }',
    );
    assert.equal(isNodeHttpIntercepted(agent), true);
    assert.equal(
      isNodeHttpIntercepted(() => undefined),
      true,
    );
  });

  it('closes the connections of both ways', async () => {
    const opened = open();
    await post(opened);
    await traced(async () => {
      await post(opened);
    });
    const { sockets } = present(server);
    assert.equal(sockets.length, 2);
    const closed = sockets.map((socket) => once(socket, 'close'));
    opened.close();
    await Promise.all(closed);
  });
});

describe('joinHeaders', () => {
  it('lets nobody change a header of our own, in whatever case', () => {
    assert.deepEqual(
      joinHeaders({ 'x-more': '1', 'IDEMPOTENCY-key': 'theirs' }, { 'Idempotency-Key': 'ours' }),
      {
        'x-more': '1',
        'Idempotency-Key': 'ours',
      },
    );
  });
});
