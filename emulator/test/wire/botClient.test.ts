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

  it('tries once more when an idle connection turns out to be closed', async () => {
    handler = (req, res, count) => {
      if (count === 2) req.socket.destroy();
      else res.end();
    };
    assert.equal(await outcomeOf(), 'answered');
    assert.equal(await outcomeOf(), 'answered');
    assert.equal(requests, 3);
  });

  it('says when a header cannot be sent', async () => {
    const outcome = await client.post({ url, body: Buffer.from(''), headers: { A: 'b\nc' }, limitMs: 5000 });
    assert.equal(outcome.kind === 'failed' && outcome.problem, 'ERR_INVALID_CHAR');
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
});
