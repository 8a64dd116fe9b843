import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import express from 'express';
import restify from 'restify';
import { incomingMessage } from '../../src/testing';
import { type BotHost, type Mount, onNodeHttp, serveBot, TOKEN } from '../support/botHost';
import { payload } from '../support/fixtures';
import { onExpress, onRestify } from '../support/frameworkMounts';
import { RecordingLogger } from '../support/recordingLogger';

/** What a hand-written server does that reads the body itself. */
const onNodeHttpWithParsedBody: Mount = (adapter, logic) =>
  createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    await adapter.process(
      Object.assign(request, { body: text === '' ? undefined : JSON.parse(text) }),
      response,
      logic,
    );
  });

const MOUNTS: Record<string, Mount> = {
  restify: onRestify(),
  'restify with its body parser': onRestify(...[restify.plugins.bodyParser()].flat()),
  'restify with its body parser and mapped parameters': onRestify(
    ...[restify.plugins.bodyParser({ mapParams: true })].flat(),
  ),
  'restify with its query parser': onRestify(restify.plugins.queryParser()),
  'restify that compresses': onRestify(restify.plugins.gzipResponse()),
  Express: onExpress(),
  'Express with express.json()': onExpress(express.json()),
  'Express with express.urlencoded() and express.json()': onExpress(
    express.urlencoded({ extended: true }),
    express.json(),
  ),
  'Express with express.text()': onExpress(express.text({ type: '*/*' })),
  'Express with express.raw()': onExpress(express.raw({ type: '*/*' })),
  'node:http': onNodeHttp,
  'node:http with a parsed body': onNodeHttpWithParsedBody,
};

describe('the adapter is served by', () => {
  for (const [name, mount] of Object.entries(MOUNTS)) {
    describe(name, () => {
      let host: BotHost;

      beforeEach(async () => {
        host = await serveBot({}, undefined, mount);
      });
      afterEach(() => host.stop());

      it('and answers an event with the token, runs the turn once and replies', async () => {
        const event = incomingMessage('Grüße 👋');
        for (const _time of [1, 2]) {
          const answer = await host.post(event);
          assert.equal(answer.status, 200);
          assert.equal(answer.text, JSON.stringify({ verification_token: TOKEN }));
          assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
        }
        await host.webhook.waitFor(1);
        await host.adapter.whenIdle();
        assert.deepEqual(host.webhook.texts, ['Echo: Grüße 👋']);
      });

      it('and answers an empty body', async () => {
        const answer = await host.post('', {});
        assert.equal(answer.status, 200);
        assert.equal(answer.text, JSON.stringify({ verification_token: TOKEN }));
      });

      it('and goes on with the same connection', async () => {
        const answers = await Promise.all([1, 2, 3, 4, 5].map(() => host.post(incomingMessage())));
        assert.deepEqual(
          answers.map(({ status }) => status),
          [200, 200, 200, 200, 200],
        );
      });
    });
  }

  it('a framework that keeps the raw body, whose signature can be checked after a body parser', async () => {
    const keepRaw = express.json({
      verify: (request, _response, bytes) => Object.assign(request, { rawBody: bytes }),
    });
    const host = await serveBot(
      { authentication: { signatureSecret: 'secret' } },
      undefined,
      onExpress(keepRaw),
    );
    const body = JSON.stringify(payload('incoming-message'), null, 3);
    const signature = createHmac('sha256', 'secret').update(body).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-hub-signature': signature };
    assert.equal((await host.post(body, headers)).status, 200);
    await host.stop();
  });

  it('a body parser that has eaten the signed bytes, with a clear log line and 401', async () => {
    const lines: string[] = [];
    const note = (line: string) => void lines.push(line);
    const host = await serveBot(
      {
        authentication: { signatureSecret: 'secret' },
        logger: { debug: note, info: note, warn: note, error: note },
      },
      undefined,
      onExpress(express.json()),
    );
    const body = JSON.stringify(payload('incoming-message'));
    const signature = createHmac('sha256', 'secret').update(body).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-hub-signature': signature };
    assert.equal((await host.post(body, headers)).status, 401);
    assert.match(lines.join('\n'), /mount the adapter before the body parser/);
    await host.stop();
  });

  it('a body parser that rounds a long id: quarantined, for the reply would reach another customer', async () => {
    const host = await serveBot({}, undefined, onExpress(express.json()));
    await host.post('{"Conversationid": 12345678901234567890, "Event": "Incoming message", "Message": "hi"}');
    const [item] = await host.adapter.quarantine.list();
    assert.equal(item?.reason, 'the event has no conversation ID');
    await assert.rejects(host.adapter.quarantine.replay(item?.id ?? ''), /still cannot be read/);
    assert.match(item?.kind === 'request' ? item.body : '', /"Message":"hi"/);
    await host.stop();
  });

  it('a body parser that rounds a long number in a field that nobody needs: the turn is run', async () => {
    const host = await serveBot({}, undefined, onExpress(express.json()));
    await host.post(
      '{"Conversationid": "C", "Event": "Incoming message", "Message": "hi", "UserId": 12345678901234567}',
    );
    await host.webhook.waitFor(1);
    assert.deepEqual(host.webhook.texts, ['Echo: hi']);
    await host.stop();
  });

  it('a body parser that rounds the ID of the bot’s conversation: kept apart, in the turn as at the door (I8)', async () => {
    const seen: unknown[] = [];
    const host = await serveBot(
      {},
      async ({ activity }) => {
        seen.push(activity.conversation.id, activity.value.isTied);
      },
      onExpress(express.json()),
    );
    await host.post(
      '{"Conversationid": "A", "ConversationType": "AGENT", "Message": "hi", "BotConversationid": 9007199254740993}',
    );
    await host.adapter.whenIdle();
    assert.deepEqual(seen, ['A', false]);
    await host.stop();
  });

  it('something that reads the body and keeps it: 503 and a log line, for the event would be lost', async () => {
    const logger = new RecordingLogger();
    const swallow: express.RequestHandler = async (request, _response, next) => {
      for await (const _chunk of request);
      next();
    };
    const host = await serveBot({ logger }, undefined, onExpress(swallow));
    assert.equal((await host.post(incomingMessage())).status, 503);
    assert.match(logger.texts('error').join(), /Mount the adapter before whatever reads requests/);
    await host.stop();
  });

  it('something that sets the encoding of the body', async () => {
    const decode: express.RequestHandler = (request, _response, next) => {
      request.setEncoding('utf8');
      next();
    };
    const host = await serveBot({}, undefined, onExpress(decode));
    assert.equal((await host.post(incomingMessage('Grüße'))).status, 200);
    await host.webhook.waitFor(1);
    assert.deepEqual(host.webhook.texts, ['Echo: Grüße']);
    await host.stop();
  });

  it('a parser that takes an event for a form: quarantined, for it is no event and must not be lost', async () => {
    const host = await serveBot({}, undefined, onExpress(express.urlencoded({ extended: true })));
    const event = JSON.stringify(incomingMessage());
    const answer = await host.post(event, { 'content-type': 'application/x-www-form-urlencoded' });
    assert.equal(answer.status, 200);
    const [item] = await host.adapter.quarantine.list();
    assert.match(item?.reason ?? '', /read the body as a form/);
    await host.stop();
  });
});
