import assert from 'node:assert/strict';
import { request } from 'node:http';
import { parseScenario } from '../../src/scenario/parseScenario';
import { EmulatorServer } from '../../src/server/emulatorServer';
import type { BotPost, BotPostAnswer } from '../../src/server/webhookRoute';
import { FakeEmulator } from '../support/fakeEmulator';

const WEBHOOK_PATH = '/hooks/secret';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

describe('The REST API', () => {
  let emulator: FakeEmulator;
  let server: EmulatorServer;
  let port: number;
  let received: BotPost[];
  let botAnswer: BotPostAnswer;
  /** What the emulator waits for before it answers the bot. */
  let pending: () => Promise<void>;

  beforeEach(async () => {
    emulator = new FakeEmulator();
    received = [];
    pending = async () => {};
    botAnswer = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"Messageid":"1"}' };
    const receive = async (post: BotPost) => {
      received.push(post);
      await pending();
      return botAnswer;
    };
    server = new EmulatorServer({ emulator, receive, webhookPath: WEBHOOK_PATH });
    port = await server.listen(0);
  });

  afterEach(() => server.close());

  function send(
    method: string,
    path: string,
    body?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (res) => {
        let text = '';
        res.setEncoding('utf8');
        res.on('data', (chunk: string) => {
          text += chunk;
        });
        res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async function call(method: string, path: string, body?: unknown): Promise<[number, unknown]> {
    const headers = { 'content-type': 'application/json' };
    const { status, text } = await send(
      method,
      `/api${path}`,
      body === undefined ? undefined : JSON.stringify(body),
      headers,
    );
    return [status, JSON.parse(text)];
  }

  const post = (path: string, body?: unknown) => call('POST', path, body);

  it('shows the world', async () => {
    emulator.customer('Ann');
    assert.deepEqual(await call('GET', '/world'), [
      200,
      { ...JSON.parse(JSON.stringify(emulator.world())), isRecording: false },
    ]);
  });

  describe('lets customers', () => {
    it('come, each name once', async () => {
      const [status, ann] = await post('/customers', { name: 'Ann', channel: 'SMS' });
      assert.deepEqual([status, ann], [200, JSON.parse(JSON.stringify(emulator.customers[0]))]);
      assert.deepEqual(await post('/customers', { name: 'Ann', channel: 'SMS' }), [200, ann]);
      assert.deepEqual(await post('/customers', { name: 'Ann', channel: 'FB' }), [
        409,
        { error: 'Ann is a customer on SMS already.' },
      ]);
    });

    it('say, tap, send and acknowledge', async () => {
      const { id } = emulator.customer('Ann');
      assert.deepEqual(await post(`/customers/${id}/say`, { text: 'hi' }), [200, {}]);
      await post(`/customers/${id}/tap`, { payload: 'TRACK' });
      await post(`/customers/${id}/send`, { mediaUrl: 'https://example.com/a.png', text: 'look' });
      await post(`/customers/${id}/acknowledge`, { receipt: 'Failed' });
      await post(`/customers/${id}/acknowledge`, {});
      await post(`/customers/${id}/acknowledge`);
      assert.deepEqual(emulator.calls, [
        ['says', 'Ann', 'hi'],
        ['says', 'Ann', '', 'TRACK'],
        ['says', 'Ann', 'look', 'https://example.com/a.png'],
        ['acknowledges', 'Ann', 'Failed'],
        ['acknowledges', 'Ann', 'Read'],
        ['acknowledges', 'Ann', 'Read'],
      ]);
    });

    it('write without waiting for a slow bot, whatever comes of it', async () => {
      const { id } = emulator.customer('Ann');
      let fail = (_error: Error) => {};
      emulator.delay = new Promise((_resolve, reject) => {
        fail = reject;
      });
      assert.deepEqual(await post(`/customers/${id}/say`, { text: 'hi' }), [200, {}]);
      fail(new Error('The bot is gone.'));
      assert.equal((await call('GET', '/world'))[0], 200);
    });

    it('be unknown', async () => {
      assert.deepEqual(await post('/customers/x/say', { text: 'hi' }), [
        404,
        { error: 'There is no customer x.' },
      ]);
    });
  });

  it('lets agents pick up, say, transfer and close', async () => {
    const id = emulator.handsOver('Ann');
    await post(`/desk/${id}/pick-up`, { agent: 'Kim' });
    await post(`/desk/${id}/pick-up`);
    await post(`/desk/${id}/say`, { text: 'Hello' });
    await post(`/desk/${id}/transfer`, { agent: 'Lee' });
    await post(`/desk/${id}/close`);
    assert.deepEqual(emulator.calls, [
      ['pickUp', id, 'Kim'],
      ['pickUp', id, 'Agent'],
      ['agentSays', id, 'Hello'],
      ['transfer', id, 'Lee'],
      ['close', id],
    ]);
    const error = "There is no agent's conversation x.";
    assert.deepEqual(await post('/desk/x/close'), [404, { error }]);
  });

  it('runs the integration, the clock, the rule and the dialect', async () => {
    assert.deepEqual(await post('/integration/verify'), [200, { verified: true }]);
    const changes = { botUrl: 'http://localhost:1/', platform: 'IMI BOT', accessToken: 'a' };
    assert.deepEqual(await post('/integration/edit', changes), [200, {}]);
    assert.deepEqual(await post('/integration/edit'), [200, {}]);
    await post('/clock/pause');
    await post('/clock/jump', { milliseconds: 1000 });
    await post('/clock/step');
    await post('/clock/resume');
    await post('/rule', { rule: 'BOT+CCSP' });
    await post('/dialect', { dialect: 'sloppyCasing' });
    assert.deepEqual(emulator.calls, [
      ['verify'],
      ['edit', changes],
      ['edit', {}],
      ['pause'],
      ['jump', 1000],
      ['step'],
      ['resume'],
      ['setRule', 'BOT+CCSP'],
      ['setDialect', 'sloppyCasing'],
    ]);
  });

  it('adds and removes faults', async () => {
    const fault = { direction: 'toBot', match: { attempt: 1 }, effect: { kind: 'status', status: 503 } };
    const [status, added] = await post('/faults', fault);
    assert.deepEqual([status, added], [200, { id: 'fault-1', played: 0, ...fault }]);
    assert.deepEqual(await call('DELETE', '/faults/fault-1'), [200, {}]);
    assert.equal((await call('DELETE', '/faults/fault-1'))[0], 404);
    assert.deepEqual(await call('DELETE', '/faults'), [200, {}]);
    assert.deepEqual(emulator.calls.slice(1), [['removeFault', 'fault-1'], ['clearFaults']]);
  });

  it('sends again, and clears violations', async () => {
    emulator.wire.push(eventOnWire('event-1'));
    assert.deepEqual(await post('/wire/event-1/resend'), [200, {}]);
    assert.equal((await post('/wire/x/resend'))[0], 404);
    assert.deepEqual(await call('DELETE', '/violations'), [200, {}]);
    assert.deepEqual(emulator.calls, [['resend', 'event-1'], ['clearViolations']]);
  });

  it('records a scenario', async () => {
    const { id } = emulator.customer('Ann', 'SMS');
    emulator.bot = (text) => `Echo: ${text}`;
    assert.equal((await post('/recording/stop'))[0], 409);
    assert.deepEqual(await post('/recording/start'), [200, {}]);
    assert.equal((await post('/recording/start'))[0], 409);
    await post(`/customers/${id}/say`, { text: 'hi' });
    const [status, recorded] = await post('/recording/stop', { name: 'A greeting' });
    assert.equal(status, 200);
    assert.ok(
      typeof recorded === 'object' && recorded !== null && 'scenario' in recorded,
      'there is a scenario',
    );
    const scenario = parseScenario(String(recorded.scenario));
    assert.equal(scenario.name, 'A greeting');
    assert.deepEqual(
      scenario.steps.map(({ title }) => title),
      ['Ann says "hi"', 'Ann reads exactly "Echo: hi", written by the bot'],
    );
  });

  describe('refuses', () => {
    const WRONG: readonly [string, unknown, RegExp][] = [
      ['/customers', { name: '', channel: 'FB' }, /^name: /],
      ['/customers', { name: 'Ann', channel: 'FAX' }, /^channel: /],
      ['/customers', undefined, /^name: /],
      ['/customers', { name: 'Ann', channel: 'FB', surname: 'Lee' }, /surname/],
      ['/customers', { __proto__: null, constructor: 'x', name: 'Ann', channel: 'FB' }, /constructor/],
      ['/customers', ['Ann', 'FB'], /received array/],
      ['/integration/edit', { botUrl: 'file:///etc/passwd' }, /^botUrl: must be an http/],
      ['/clock/jump', { milliseconds: -1 }, /^milliseconds: /],
      ['/faults', { direction: 'toBot', effect: { kind: 'explode' } }, /^effect.kind: /],
      ['/faults', { direction: 'toBot', effect: { kind: 'duplicate', copies: 1e9 } }, /^effect.copies: /],
      ['/rule', { rule: 'NONE' }, /^rule: /],
      ['/violations', { really: true }, /There is no POST \/api\/violations\./],
    ];
    for (const [path, body, expected] of WRONG) {
      it(`${path} with ${JSON.stringify(body)}`, async () => {
        const [status, answer] = await post(path, body);
        assert.ok(status === 400 || status === 404, `answers ${status}`);
        assert.ok(typeof answer === 'object' && answer !== null && 'error' in answer, 'there is an error');
        assert.match(String(answer.error), expected);
        assert.deepEqual(emulator.calls, []);
      });
    }

    it('JSON that is none, and bodies over 256 KB', async () => {
      const headers = { 'content-type': 'application/json' };
      assert.equal((await send('POST', '/api/rule', '{', headers)).status, 400);
      const long = JSON.stringify({ rule: 'x'.repeat(300_000) });
      assert.equal((await send('POST', '/api/rule', long, headers)).status, 413);
    });

    it('what the state of the emulator does not allow, with its words', async () => {
      const { id } = emulator.customer('Ann');
      emulator.refusal = new Error('Nobody is there.');
      assert.deepEqual(await post(`/customers/${id}/say`, { text: 'hi' }), [
        409,
        { error: 'Nobody is there.' },
      ]);
    });

    it('other machines', async () => {
      await assert.rejects(fetch(`http://127.0.0.2:${port}/api/world`));
    });

    it('other hosts and other origins', async () => {
      const status = async (headers: Record<string, string>) =>
        (await send('GET', '/api/world', undefined, headers)).status;
      assert.equal(await status({ host: 'evil.example' }), 403);
      assert.equal(await status({ host: `localhost.evil.example:${port}` }), 403);
      assert.equal(await status({ host: `evil.example@localhost:${port}` }), 403);
      assert.equal(await status({ host: 'localhost/evil' }), 403);
      assert.equal(await status({ host: 'localhost:80:90' }), 403);
      assert.equal(await status({ host: `localhost:${port}`, origin: 'http://evil.example' }), 403);
      assert.equal(await status({ host: `localhost:${port}`, origin: 'http://localhost:1' }), 403);
      assert.equal(await status({ host: `localhost:${port}`, origin: 'null' }), 403);
      assert.equal(await status({ host: `localhost:${port}`, origin: `http://localhost:${port}` }), 200);
      assert.equal(await status({ host: `[::1]:${port}` }), 200);
      assert.equal(await status({ host: `127.0.0.1:${port}` }), 200);
    });
  });

  describe('has a webhook that', () => {
    it('gives the bot what the emulator says', async () => {
      const answer = await send('POST', WEBHOOK_PATH, '{"eventid": "1001"', {
        'x-custom': 'a',
        host: 'tunnel.example',
      });
      assert.deepEqual([answer.status, answer.text], [200, '{"Messageid":"1"}']);
      assert.equal(received[0]?.body, '{"eventid": "1001"');
      assert.equal(received[0]?.headers['x-custom'], 'a');
    });

    it('breaks the connection when it is told to', async () => {
      botAnswer = { ...botAnswer, close: 'reset' };
      await assert.rejects(send('POST', WEBHOOK_PATH, '{}'), { code: 'ECONNRESET' });
    });

    it('is silent when it is told to, until the emulator stops', async () => {
      botAnswer = { ...botAnswer, close: 'silent' };
      const answer = assert.rejects(send('POST', WEBHOOK_PATH, '{}'), { code: 'ECONNRESET' });
      while (received.length === 0) await new Promise(setImmediate);
      await server.close();
      await answer;
    });

    it('tells the emulator when the bot was gone before the answer', async () => {
      let isLost = false;
      const lost = () => {
        isLost = true;
      };
      let isAsked = () => {};
      const asked = new Promise<void>((resolve) => {
        isAsked = resolve;
      });
      let answer = () => {};
      const gone = new Promise<void>((resolve) => {
        answer = resolve;
      });
      pending = async () => {
        isAsked();
        await gone;
      };
      botAnswer = { ...botAnswer, lost };
      const sent = request({ host: '127.0.0.1', port, method: 'POST', path: WEBHOOK_PATH, agent: false });
      sent.on('error', () => {});
      sent.end('{}');
      await asked;
      const closed = new Promise((resolve) => sent.on('close', resolve));
      sent.destroy();
      await closed;
      // Whatever comes after the end of that connection is served after it.
      for (let round = 0; round < 3; round++) await call('GET', '/world');
      answer();
      while (!isLost) await new Promise(setImmediate);

      isLost = false;
      pending = async () => {};
      assert.equal((await send('POST', WEBHOOK_PATH, '{}')).status, 200);
      await server.close();
      assert.equal(isLost, false, 'an answer that arrived counts as lost');
    });

    it('takes POST only, from no page, of at most 1 MB, and has no other path', async () => {
      const got = await send('GET', WEBHOOK_PATH);
      assert.deepEqual([got.status, got.headers.allow], [405, 'POST']);
      const origin = `http://localhost:${port}`;
      assert.equal((await send('POST', WEBHOOK_PATH, '{}', { origin })).status, 403);
      assert.equal((await send('POST', '/hooks/other', '{}')).status, 404);
      assert.equal((await send('POST', WEBHOOK_PATH.toUpperCase(), '{}')).status, 404);
      assert.equal((await send('POST', `${WEBHOOK_PATH}/`, '{}')).status, 404);
      assert.deepEqual(received, []);
    });

    it('says what it cannot read, and why', async () => {
      const unreadable: [body: string, headers: Record<string, string>, status: number, problem: RegExp][] = [
        ['x'.repeat(1_100_000), {}, 413, /^The body is larger than 1mb\.$/],
        [
          'no gzip',
          { 'content-encoding': 'gzip' },
          400,
          /^The body cannot be read: incorrect header check\.$/,
        ],
        ['x', { 'content-encoding': 'x' }, 415, /^The body cannot be read: unsupported content encoding/],
      ];
      for (const [body, headers, status, problem] of unreadable) {
        await send('POST', WEBHOOK_PATH, body, headers);
        const post = received.pop();
        assert.deepEqual([post?.body, post?.unreadable?.status], ['', status]);
        assert.match(post?.unreadable?.problem ?? '', problem);
      }
    });

    it('is not told of a bot that hangs up in the middle of its body', async () => {
      const sent = request({ host: '127.0.0.1', port, method: 'POST', path: WEBHOOK_PATH, agent: false });
      sent.on('error', () => {});
      sent.setHeader('content-length', '100');
      sent.write('{');
      await new Promise((resolve) => sent.on('socket', (socket) => socket.on('connect', resolve)));
      sent.destroy();
      assert.equal((await send('POST', WEBHOOK_PATH, '{}')).status, 200);
      assert.deepEqual(
        received.map(({ body }) => body),
        ['{}'],
      );
    });
  });
});

function eventOnWire(id: string) {
  return {
    kind: 'toBot' as const,
    id,
    conversationId: undefined,
    event: 'Incoming message',
    body: '{}',
    state: 'answered' as const,
    dueAt: undefined,
    attempts: [],
  };
}
