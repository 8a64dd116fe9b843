import assert from 'node:assert/strict';
import { createServer, type Server } from 'restify';
import { listen } from '../../support/serve';
import { addTranscriptRoute } from '../transcriptRoute';

const LINES = [
  { author: 'customer', text: 'hi', timestamp: '2026-03-09T14:05:07.250Z' },
  { author: 'bot', text: 'Hello', timestamp: '2026-03-09T14:05:08.031Z' },
];
/** Real IDs are tamer; the platform promises nothing. */
const STRANGE_ID = `a/b?c=d#é%2F %20+"'<>.../transcript${'x'.repeat(400)}`;

describe('The transcript route', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
    server = undefined;
  });

  async function serve(token?: string): Promise<string> {
    server = createServer();
    addTranscriptRoute(
      server,
      {
        get: async (id) => (['CONV-1', STRANGE_ID].includes(id) ? {} : undefined),
        transcript: async () => LINES,
        transcriptText: async (id) => `what was said in ${id}`,
        exportTranscript: async () => '[{"type":"message","text":"hi"}]',
      },
      token,
    );
    return `http://localhost:${await listen(server, 0)}/api/conversations`;
  }

  it('gives the lines as JSON, and nobody may keep them', async () => {
    const answer = await fetch(`${await serve()}/CONV-1/transcript`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.deepEqual(await answer.json(), LINES);
  });

  it('gives a readable text', async () => {
    const answer = await fetch(`${await serve()}/CONV-1/transcript?format=text`);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/);
    assert.equal(await answer.text(), 'what was said in CONV-1');
  });

  it('gives the activities', async () => {
    const answer = await fetch(`${await serve()}/CONV-1/transcript?format=transcript`);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    assert.deepEqual(await answer.json(), [{ type: 'message', text: 'hi' }]);
  });

  it('finds an ID of any characters and length', async () => {
    const answer = await fetch(`${await serve()}/${encodeURIComponent(STRANGE_ID)}/transcript?format=text`);
    assert.equal(await answer.text(), `what was said in ${STRANGE_ID}`);
  });

  const refused: [title: string, path: string, status: number][] = [
    ['a conversation that is unknown', '/CONV-2/transcript', 404],
    ['a format that is unknown', '/CONV-1/transcript?format=pdf', 400],
    ['another path', '/CONV-1', 404],
    ['an ID that is not encoded as it should be', '/%E0%A4%A/transcript', 404],
  ];
  for (const [title, path, status] of refused) {
    it(`refuses ${title}, as JSON`, async () => {
      const answer = await fetch((await serve()) + path);
      assert.equal(answer.status, status);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
      await answer.json();
    });
  }

  describe('without a token', () => {
    it('refuses another machine', async () => {
      const base = await serve();
      server?.pre((req, _res, next) => {
        Object.defineProperty(req.socket, 'remoteAddress', { value: '203.0.113.5' });
        next();
      });
      assert.equal((await fetch(`${base}/CONV-1/transcript`)).status, 403);
    });

    for (const header of ['Forwarded', 'X-Forwarded-For', 'X-Real-IP', 'Via']) {
      it(`refuses what came through a proxy that sends ${header}`, async () => {
        const answer = await fetch(`${await serve()}/CONV-1/transcript`, {
          headers: { [header]: '1.2.3.4' },
        });
        assert.equal(answer.status, 403);
        assert.doesNotMatch(await answer.text(), /Hello/);
      });
    }
  });

  describe('with a token', () => {
    it('answers who knows it, also through a proxy', async () => {
      const headers = { Authorization: 'Bearer the-token', 'X-Forwarded-For': '1.2.3.4' };
      const answer = await fetch(`${await serve('the-token')}/CONV-1/transcript`, { headers });
      assert.equal(answer.status, 200);
    });

    for (const authorization of [
      undefined,
      'Bearer',
      'Bearer the-toke',
      'Bearer the-token2',
      'Basic the-token',
    ]) {
      it(`refuses ${authorization ?? 'no authorization'}`, async () => {
        const headers = new Headers(authorization === undefined ? {} : { authorization });
        const answer = await fetch(`${await serve('the-token')}/CONV-1/transcript`, { headers });
        assert.equal(answer.status, 401);
        assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
        assert.doesNotMatch(await answer.text(), /Hello|the-token/);
      });
    }
  });
});
