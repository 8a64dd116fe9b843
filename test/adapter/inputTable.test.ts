import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { MemoryStore } from '../../src';
import { incomingMessage } from '../../src/testing';
import { type BotHost, serveBot, TOKEN } from '../support/botHost';
import { payload } from '../support/fixtures';
import { StuckStore } from '../support/stuckStore';

const TOKEN_BODY = JSON.stringify({ verification_token: TOKEN });

describe('the Input table of the design', () => {
  let host: BotHost;

  const serve = async (...args: Parameters<typeof serveBot>) => {
    host = await serveBot(...args);
    return host;
  };

  afterEach(() => host.stop());

  it('answers anything but POST 405 with Allow and without the token', async () => {
    const { url } = await serve();
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await fetch(url, { method });
      assert.equal(response.status, 405, method);
      assert.equal(response.headers.get('allow'), 'POST, HEAD');
      assert.equal(await response.text(), '');
    }
  });

  it('answers HEAD 200 and empty', async () => {
    const { url } = await serve();
    const response = await fetch(url, { method: 'HEAD' });
    assert.equal(response.status, 200);
    assert.equal(await response.text(), '');
  });

  it('answers GET like an empty POST when the option says so', async () => {
    const { url } = await serve({ verification: { token: TOKEN, answerGet: true } });
    const response = await fetch(url);
    assert.equal(response.status, 200);
    assert.equal(await response.text(), TOKEN_BODY);
  });

  it('gives no token to a GET without the signature that is asked for', async () => {
    const { url } = await serve({
      verification: { token: TOKEN, answerGet: true },
      authentication: { signatureSecret: 's' },
    });
    const response = await fetch(url);
    assert.equal(response.status, 401);
    assert.equal(await response.text(), '');
  });

  for (const id of [' ', {}, [], true, 0, '0', 'null']) {
    it(`takes ${JSON.stringify(id)} for no Messageid: a second message is no repeat of the first`, async () => {
      const { post, webhook } = await serve();
      for (const text of ['one', 'two']) await post({ ...incomingMessage(text), Messageid: id });
      await webhook.waitFor(2);
      assert.deepEqual(webhook.texts, ['Echo: one', 'Echo: two']);
    });
  }

  it('lets no payload pose as an event of Bot Framework or of this adapter', async () => {
    const names: (string | undefined)[] = [];
    const { post, adapter } = await serve({}, async ({ activity }) => {
      names.push(activity.name);
    });
    for (const name of [
      'webexConnect.deliveryFailed',
      'tokens/response',
      'handoff.status',
      'ContinueConversation',
    ]) {
      await post({ Conversationid: name, Event: name });
    }
    await adapter.whenIdle();
    assert.deepEqual(new Set(names), new Set(['webexConnect.unknown']));
  });

  it('keeps a body that is no UTF-8 as base64', async () => {
    const { post, adapter } = await serve();
    await post(Buffer.from([0x1f, 0x8b, 0x08, 0xff]));
    const [item] = await adapter.quarantine.list();
    assert.equal(item?.kind === 'request' ? item.body : '', 'base64:H4sI/w==');
  });

  describe('with an access token', () => {
    const options = { authentication: { accessToken: ['old-secret', 'new-secret'] } };

    for (const [title, headers] of Object.entries({
      'a missing one': {},
      'a wrong one': { authorization: 'Bearer wrong' },
      'a prefix of it': { authorization: 'Bearer new-secre' },
      'an empty one': { authorization: 'Bearer ' },
    })) {
      it(`answers ${title} 401, without the token, and runs nothing`, async () => {
        const { post, webhook, adapter } = await serve(options);
        const answer = await post(payload('incoming-message'), headers);
        assert.equal(answer.status, 401);
        assert.equal(answer.text.includes(TOKEN), false);
        assert.equal([...answer.headers.values()].join().includes(TOKEN), false);
        await adapter.whenIdle();
        assert.deepEqual(webhook.received, []);
      });
    }

    for (const [title, headers] of Object.entries({
      'after Bearer': { authorization: 'Bearer new-secret' },
      'bare, and the old one while it is being replaced': { authorization: 'old-secret' },
      'in a header of its own': { 'access-token': 'new-secret' },
    })) {
      it(`takes it ${title}`, async () => {
        const { post, webhook } = await serve(options);
        const answer = await post(payload('incoming-message'), headers);
        assert.equal(answer.status, 200);
        await webhook.waitFor(1);
      });
    }
  });

  describe('with a signature', () => {
    const options = { authentication: { signatureSecret: 'signing-secret' } };
    const body = JSON.stringify(payload('incoming-message'));
    const sign = (algorithm: string, text = body) =>
      createHmac(algorithm, 'signing-secret').update(text).digest('hex');

    for (const [title, signature] of Object.entries({
      'SHA-256': sign('sha256'),
      'SHA-256 with its prefix': `sha256=${sign('sha256')}`,
      'SHA-512': sign('sha512'),
      'SHA-512 with its prefix': `sha512=${sign('sha512').toUpperCase()}`,
    })) {
      it(`takes ${title}`, async () => {
        const { post } = await serve(options);
        assert.equal((await post(body, { 'x-hub-signature': signature })).status, 200);
      });
    }

    for (const [title, signature] of Object.entries({
      'of another body': sign('sha256', `${body} `),
      'of another length': sign('sha256').slice(2),
      'of another algorithm': sign('sha1'),
      'under the wrong prefix': `sha512=${sign('sha256')}`,
      'that is no hex': 'zz'.repeat(32),
    })) {
      it(`answers a signature ${title} 401, without the token`, async () => {
        const { post } = await serve(options);
        const answer = await post(body, { 'x-hub-signature': signature });
        assert.equal(answer.status, 401);
        assert.equal(answer.text.includes(TOKEN), false);
      });
    }

    it('answers a missing signature 401', async () => {
      const { post } = await serve(options);
      assert.equal((await post(body)).status, 401);
    });

    it('answers a body over the limit 413 without the token, for nobody can tell who sent it', async () => {
      const { post } = await serve({ ...options, inbound: { bodyLimitBytes: 10 } });
      const answer = await post(body, { 'x-hub-signature': sign('sha256') });
      assert.equal(answer.status, 413);
      assert.equal(answer.text, '');
    });
  });

  it('answers a body over 256 KB 413, with the token', async () => {
    const { post, adapter } = await serve();
    const answer = await post(incomingMessage('x'.repeat(256 * 1024)));
    assert.equal(answer.status, 413);
    assert.equal(answer.text, TOKEN_BODY);
    assert.equal(adapter.counters.get('events_stored_total'), 0);
  });

  it('takes a body of exactly the limit', async () => {
    const text = JSON.stringify(incomingMessage('x'));
    const { post } = await serve({ inbound: { bodyLimitBytes: text.length } });
    assert.equal((await post(text)).status, 200);
    assert.equal((await post(`${text} `)).status, 413);
  });

  it('takes another limit', async () => {
    const { post } = await serve({ inbound: { bodyLimitBytes: 100 } });
    assert.equal((await post('y'.repeat(101))).status, 413);
  });

  for (const [title, body] of Object.entries({
    'an empty body': '',
    'white space': ' \n',
    'an empty object': '{}',
    'an object that names no event': '{"verification_token":"x","hello":1}',
    'a list': '[1,2,3]',
    'a number': '7',
    null: 'null',
  })) {
    it(`answers ${title} 200 with the token and runs nothing`, async () => {
      const { post, adapter, webhook } = await serve();
      const answer = await post(body);
      assert.equal(answer.status, 200);
      assert.equal(answer.text, TOKEN_BODY);
      await adapter.whenIdle();
      assert.equal(adapter.counters.get('turns_completed_total'), 0);
      assert.deepEqual(await adapter.quarantine.list(), []);
      assert.deepEqual(webhook.received, []);
    });
  }

  for (const [title, body, reason] of [
    ['what is not JSON', '{"Conversationid": ', 'the body is not JSON'],
    [
      'an event without a conversation ID',
      '{"Event":"Incoming message","Message":"hi"}',
      'the event has no conversation ID',
    ],
    [
      'an event whose conversation ID no store could keep',
      '{"Event":"Incoming message","Conversationid":"a\\u0000b"}',
      'the conversation ID is not a text of 1 to 512 printable characters',
    ],
    ['a list of events', '[{"Conversationid":"1"}]', 'a list of events is not documented by the platform'],
    ['nesting without end', '['.repeat(100_000), 'the body is not JSON'],
    [
      'deep nesting',
      `{"Conversationid":"1","Message":${'['.repeat(9000)}${']'.repeat(9000)}}`,
      'the body is nested deeper than 64 levels',
    ],
  ] as const) {
    it(`answers ${title} 200 with the token, quarantines it and lists the reason`, async () => {
      const { post, adapter } = await serve();
      const answer = await post(body);
      assert.equal(answer.status, 200);
      assert.equal(answer.text, TOKEN_BODY);
      const [item] = await adapter.quarantine.list();
      assert.equal(item?.reason, reason);
      assert.equal(item?.kind === 'request' ? item.body : undefined, body);
      assert.equal(adapter.counters.get('turns_completed_total'), 0);
    });
  }

  it('keeps the quarantine of requests within its bound, newest last', async () => {
    const { post, adapter } = await serve({ inbound: { maxQuarantinedRequests: 3 } });
    for (const number of [1, 2, 3, 4, 5]) await post(`garbage ${number}`);
    const bodies = (await adapter.quarantine.list()).map((item) =>
      item.kind === 'request' ? item.body : '',
    );
    assert.deepEqual(bodies, ['garbage 3', 'garbage 4', 'garbage 5']);
  });

  it('gives an unknown event to the bot as an event activity with its name', async () => {
    const names: (string | undefined)[] = [];
    const { post, adapter } = await serve({}, async ({ activity }) => {
      names.push(`${activity.type}: ${activity.name}`);
    });
    await post({ Conversationid: 'C1', ConversationType: 'BOT', Event: 'Milestone Reached' });
    await adapter.whenIdle();
    assert.deepEqual(names, ['event: Milestone Reached']);
  });

  it('answers 503 with Retry-After and the token when the store is down, and stores nothing', async () => {
    const store = new MemoryStore();
    store.accept = () => Promise.reject(new Error('disk full'));
    const { post, adapter } = await serve({ store });
    const answer = await post(payload('incoming-message'));
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get('retry-after'), '30');
    assert.equal(answer.text, TOKEN_BODY);
    assert.equal((await adapter.health()).platform.consecutiveFailures, 1);
  });

  it('answers 503 when the store takes longer than three seconds', async () => {
    const store = new StuckStore();
    const { post } = await serve({ store, clock: store.clock });
    const answering = post(payload('incoming-message'));
    await store.stuck;
    await store.clock.advance(2999);
    await store.clock.advance(1);
    assert.equal((await answering).status, 503);
    store.release();
  });

  it('answers 503 over maxBacklog, and 200 to a repeat of what is stored', async () => {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { post, adapter } = await serve({ inbound: { maxBacklog: 1 } }, () => held);
    const first = incomingMessage('one');
    assert.equal((await post(first)).status, 200);
    const refused = await post(incomingMessage('two'));
    assert.equal(refused.status, 503);
    assert.equal(refused.text, TOKEN_BODY);
    assert.equal((await post(first)).status, 200);
    letGo();
    await adapter.whenIdle();
  });

  it('answers 503 once it is stopped', async () => {
    const { post, adapter } = await serve();
    await adapter.stop();
    assert.equal((await post(payload('incoming-message'))).status, 503);
  });

  it('runs a repeated event once and answers the repeat 200 with the token (dedupe)', async () => {
    const { post, adapter, webhook } = await serve();
    for (const name of ['incoming-message', 'postback', 'message-delivery'] as const) {
      for (const _time of [1, 2, 3]) {
        const answer = await post(payload(name));
        assert.equal(answer.status, 200);
        assert.equal(answer.text, TOKEN_BODY);
      }
    }
    await adapter.whenIdle();
    assert.equal(adapter.counters.get('turns_completed_total'), 3);
    assert.deepEqual(webhook.texts, ['Echo: Where is my order?', 'Echo: TRACK_ORDER']);
  });

  describe('carries the token', () => {
    it('as plain text', async () => {
      const { post } = await serve({ verification: { token: TOKEN, style: 'text' } });
      const answer = await post(payload('incoming-message'));
      assert.equal(answer.text, TOKEN);
      assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/);
    });

    it('in a header', async () => {
      const { post } = await serve({ verification: { token: TOKEN, style: 'header', header: 'X-Token' } });
      const answer = await post(payload('incoming-message'));
      assert.equal(answer.headers.get('x-token'), TOKEN);
      assert.equal(answer.text, '{}');
    });

    it('in a JSON field of another name', async () => {
      const { post } = await serve({ verification: { token: TOKEN, field: 'token' } });
      assert.equal((await post(payload('incoming-message'))).text, JSON.stringify({ token: TOKEN }));
    });

    it('not at all when there is none', async () => {
      const { post } = await serve({ verification: {} });
      const answer = await post(payload('incoming-message'));
      assert.equal(answer.status, 200);
      assert.equal(answer.text, '{}');
    });
  });
});
