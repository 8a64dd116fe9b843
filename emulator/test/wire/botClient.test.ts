import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { BotClient, type PostOutcome } from '../../src/wire/botClient';

type Handler = (req: IncomingMessage, res: ServerResponse, count: number) => void;

describe('BotClient', () => {
  let server: Server;
  let client: BotClient;
  let handler: Handler;
  let url: string;
  let requests: number;

  beforeEach(async () => {
    requests = 0;
    client = new BotClient();
    server = createServer((req, res) => {
      req.resume();
      req.on('end', () => handler(req, res, ++requests));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null, 'the server does not listen');
    url = `http://127.0.0.1:${address.port}/`;
  });

  afterEach(async () => {
    client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const post = (limitMs = 5000): Promise<PostOutcome> =>
    client.post({ url, body: Buffer.from('{}'), headers: {}, limitMs });
  const outcomeOf = async (limitMs?: number) => {
    const outcome = await post(limitMs);
    return outcome.kind === 'failed' ? outcome.problem : outcome.kind;
  };

  it('tells status, headers and body', async () => {
    handler = (_req, res) => {
      res.writeHead(201, { 'X-Token': 'right' });
      res.end('grüezi');
    };
    const outcome = await post();
    assert.ok(outcome.kind === 'answered', outcome.kind);
    assert.deepEqual([outcome.status, outcome.headers['x-token'], outcome.body], [201, 'right', 'grüezi']);
  });

  it('keeps the first 64 KB of a longer answer', async () => {
    handler = (_req, res) => res.end('x'.repeat(200_000));
    const outcome = await post();
    assert.ok(outcome.kind === 'answered', outcome.kind);
    assert.equal(outcome.body.length, 64 * 1024);
  });

  it('cuts who does not answer, and who does not finish', async () => {
    handler = () => undefined;
    assert.equal(await outcomeOf(20), 'cut');
    handler = (_req, res) => res.write('begun');
    assert.equal(await outcomeOf(20), 'cut');
  });

  it('says when the connection breaks, before the answer or within it', async () => {
    handler = (req) => req.socket.destroy();
    assert.equal(await outcomeOf(), 'the connection was reset');
    handler = (req, res) => {
      res.writeHead(200, { 'Content-Length': '100' });
      res.write('some', () => req.socket.destroy());
    };
    assert.equal(await outcomeOf(), 'the connection was reset');
  });

  it('sends nothing twice when a connection that is used again breaks: the bot may have read it', async () => {
    handler = (req, res, count) => {
      if (count === 2) req.socket.destroy();
      else res.end();
    };
    assert.equal(await outcomeOf(), 'answered');
    assert.equal(await outcomeOf(), 'the connection was reset');
    assert.equal(requests, 2);
  });

  it('does not use a connection that the bot has just closed', async () => {
    handler = (_req, res) => res.end();
    await Promise.all([post(), post(), post()]);
    const { port } = new URL(url);
    for (let restart = 0; restart < 20; restart++) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      assert.equal(await outcomeOf(), 'the connection was refused');
      await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve));
      await post();
      server.closeAllConnections();
      assert.equal(await outcomeOf(), 'answered');
    }
  });

  it('uses a connection again, and drops it long before bots close theirs', async () => {
    const ports = new Set<number | undefined>();
    handler = (req, res) => {
      ports.add(req.socket.remotePort);
      res.end();
    };
    await post();
    await post();
    assert.equal(ports.size, 1);
    const closed = new Promise((resolve) => {
      handler = (req, res) => {
        req.socket.on('close', resolve);
        res.end();
      };
    });
    await post();
    await closed;
  });

  it('says when a header cannot be sent', async () => {
    const outcome = await client.post({ url, body: Buffer.from(''), headers: { A: 'b\nc' }, limitMs: 5000 });
    assert.equal(outcome.kind === 'failed' && outcome.problem, 'the access token cannot be sent in a header');
  });

  it('does not wait for an answer that never ends', async () => {
    let isGone = false;
    handler = (_req, res) => {
      res.on('close', () => {
        isGone = true;
      });
      const pour = () => {
        while (!isGone && res.write(Buffer.alloc(65_536, 'x')));
      };
      res.on('drain', pour);
      pour();
    };
    const outcome = await post();
    assert.ok(outcome.kind === 'answered', outcome.kind);
    assert.deepEqual([outcome.status, outcome.body.length], [200, 64 * 1024]);
    while (!isGone) await new Promise(setImmediate);
  });

  const NO_HTTP: readonly [name: string, answer: string, problem: string][] = [
    ['words', 'Hello, platform.\r\n\r\n', 'the answer is not HTTP'],
    ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n', 'the answer is not HTTP'],
    ['an endless header', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`, 'the answer is not HTTP'],
    ['half an answer', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', 'the connection was reset'],
    ['nothing', '', 'the connection was reset'],
  ];
  for (const [name, answer, problem] of NO_HTTP) {
    it(`says what is wrong when the bot answers ${name}`, async () => {
      server.removeAllListeners('request');
      server.on('connection', (socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(answer));
      });
      assert.equal(await outcomeOf(), problem);
    });
  }

  it('takes no other protocol', async () => {
    handler = (req, res) => {
      res.writeHead(101, { Connection: 'Upgrade', Upgrade: 'chat' });
      res.flushHeaders();
      req.socket.on('error', () => undefined);
    };
    const outcome = await post();
    assert.ok(outcome.kind === 'answered', outcome.kind);
    assert.equal(outcome.status, 101);
  });

  it('says that there is no TLS, or nobody', async () => {
    const problemAt = async (address: string) => {
      const outcome = await client.post({ url: address, body: Buffer.from(''), headers: {}, limitMs: 5000 });
      return outcome.kind === 'failed' ? outcome.problem : outcome.kind;
    };
    assert.equal(await problemAt(url.replace('http:', 'https:')), 'there is no TLS at this https:// URL');
    assert.equal(await problemAt('http://127.0.0.1:1/'), 'the connection was refused');
  });

  it('has no more than 16 requests under way', async () => {
    const open: ServerResponse[] = [];
    handler = (_req, res) => void open.push(res);
    const posts = Array.from({ length: 40 }, () => outcomeOf());
    let most = 0;
    for (let answered = 0; answered < 40; ) {
      await new Promise(setImmediate);
      most = Math.max(most, open.length);
      if (open.length < Math.min(16, 40 - answered)) continue;
      for (const res of open.splice(0)) {
        res.end();
        answered++;
      }
    }
    assert.deepEqual(new Set(await Promise.all(posts)), new Set(['answered']));
    assert.equal(most, 16);
  });

  it('closes at once, however many are waiting for their turn, and sends nothing after it', async () => {
    handler = () => undefined;
    const posts = Array.from({ length: 40 }, () => outcomeOf());
    while (requests < 16) await new Promise(setImmediate);
    client.close();
    assert.deepEqual(new Set(await Promise.all(posts)), new Set(['the emulator was stopped']));
    assert.equal(await outcomeOf(), 'the emulator was stopped');
    assert.equal(requests, 16);
  });
});
