import assert from 'node:assert/strict';
import { broken, eventsToBot, HOUR, MINUTE, say, setUp, type TestStage } from './support/stage';
import { type Responder, respond, TOKEN, welcome } from './support/testBot';

const failing: Responder = (event, res) =>
  event.body === '{}' ? welcome(event, res) : respond(res, 500, 'no');
const noToken: Responder = (event, res) =>
  event.body === '{}' ? welcome(event, res) : respond(res, 200, '{}');
const silent: Responder = (event, res) => {
  if (event.body === '{}') welcome(event, res);
};

describe('Deliveries to the bot', () => {
  let stage: TestStage;
  beforeEach(async () => {
    stage = await setUp();
  });
  afterEach(() => stage.stop());

  const attempts = () => eventsToBot(stage.engine).map((event) => event.attempts.length);
  const integration = () => stage.engine.world().integration;

  it('retries four times within the hour, after which the integration is inactive', async () => {
    const { engine, bot } = stage;
    bot.responder = failing;
    await engine.customer('Ada').says('Hello');
    const start = engine.clock.now();
    assert.equal(integration().consecutiveFailures, 1);
    assert.equal(engine.world().clock.nextRetryAt, start + MINUTE);
    await engine.clock.stepToNextRetry();
    assert.equal(engine.clock.now(), start + MINUTE);
    assert.deepEqual(attempts(), [2]);
    assert.equal(eventsToBot(engine)[0]?.state, 'retrying');
    await engine.clock.jump(HOUR);
    const [event] = eventsToBot(engine);
    assert.equal(event?.state, 'gaveUp');
    assert.deepEqual(
      event?.attempts.map(({ number, at, status, problem }) => [
        number,
        (at - start) / MINUTE,
        status,
        problem,
      ]),
      [
        [1, 0, 500, 'answered 500'],
        [2, 1, 500, 'answered 500'],
        [3, 6, 500, 'answered 500'],
        [4, 21, 500, 'answered 500'],
        [5, 60, 500, 'answered 500'],
      ],
    );
    assert.equal(bot.events.length, 5);
    assert.equal(integration().status, 'inactive');
    assert.equal(integration().consecutiveFailures, 5);
    assert.equal(engine.world().clock.nextRetryAt, undefined);
    await engine.clock.stepToNextRetry();
  });

  it('counts failures in a row over all events, and none once one succeeds', async () => {
    const { engine, bot } = stage;
    bot.responder = failing;
    for (const text of ['1', '2', '3', '4']) await engine.customer('Ada').says(text);
    assert.equal(integration().consecutiveFailures, 4);
    bot.responder = welcome;
    await engine.customer('Bob').says('5');
    assert.equal(integration().consecutiveFailures, 0);
    assert.equal(integration().status, 'active');
    await engine.clock.jump(HOUR);
    assert.deepEqual(attempts(), [2, 2, 2, 2, 1]);
    assert.deepEqual(
      eventsToBot(engine).map(({ state }) => state),
      ['answered', 'answered', 'answered', 'answered', 'answered'],
    );
  });

  it('holds everything while it is inactive, until it is edited and verified', async () => {
    const { engine, bot } = stage;
    bot.responder = failing;
    for (const text of ['1', '2', '3', '4', '5']) await engine.customer('Ada').says(text);
    await engine.customer('Ada').says('6');
    await engine.clock.jump(2 * HOUR);
    assert.equal(bot.events.length, 5);
    assert.deepEqual(
      eventsToBot(engine).map(({ state, dueAt }) => [state, dueAt]),
      Array.from({ length: 6 }, () => ['held', undefined]),
    );
    bot.responder = welcome;
    assert.equal(await engine.integration.verify(), false);
    assert.match(integration().lastVerifyProblem ?? '', /edit it/);
    engine.integration.edit({});
    assert.equal(integration().status, 'unverified');
    assert.equal(integration().lastVerifyProblem, undefined);
    assert.equal(bot.events.length, 5);
    assert.equal(await engine.integration.verify(), true);
    await engine.idle();
    assert.equal(integration().status, 'active');
    assert.deepEqual(bot.heard.slice(5), ['1', '2', '3', '4', '5', '6']);
    assert.deepEqual(attempts(), [2, 2, 2, 2, 2, 1]);
  });

  it('holds what fails after it has turned inactive', async () => {
    const { engine, bot } = stage;
    bot.responder = failing;
    await Promise.all(['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((name) => engine.customer(name).says('Hello')));
    assert.deepEqual(new Set(eventsToBot(engine).map(({ state }) => state)), new Set(['held']));
    assert.equal(engine.world().clock.nextRetryAt, undefined);
  });

  it('counts an event that was copied once', async () => {
    const { engine, bot } = stage;
    bot.responder = failing;
    engine.faults.add({ direction: 'toBot', effect: { kind: 'duplicate', copies: 3 } });
    await engine.customer('Ada').says('Hello');
    assert.equal(bot.events.length, 4);
    assert.equal(integration().consecutiveFailures, 1);
  });

  it('holds what is written before it is verified', async () => {
    const { engine, bot } = stage;
    engine.integration.edit({ verificationToken: 'another' });
    await engine.customer('Ada').says('early');
    assert.equal(await engine.integration.verify(), false);
    assert.equal(integration().lastVerifyProblem, 'wrong token');
    assert.equal(integration().status, 'unverified');
    assert.deepEqual(bot.heard, []);
    engine.integration.edit({ verificationToken: TOKEN });
    await engine.integration.verify();
    await engine.idle();
    assert.deepEqual(bot.heard, ['early']);
  });

  it('sends nothing twice when it is held and let go while it waits for its turn', async () => {
    const { engine, bot } = stage;
    let release = () => {};
    bot.responder = (event, res) => {
      if (event.fields.Message === 'slow') release = () => welcome(event, res);
      else welcome(event, res);
    };
    const ada = engine.customer('Ada');
    const slow = ada.says('slow');
    const next = ada.says('next');
    while (bot.events.length === 0) await new Promise(setImmediate);
    engine.integration.edit({});
    await engine.integration.verify();
    release();
    await Promise.all([slow, next]);
    await engine.idle();
    assert.deepEqual(bot.heard, ['slow', 'next']);
  });

  it('does not blame an edited integration for what was sent before', async () => {
    const { engine, bot } = stage;
    let fail = () => {};
    bot.responder = (event, res) => {
      if (event.body === '{}') welcome(event, res);
      else fail = () => respond(res, 500);
    };
    const said = engine.customer('Ada').says('Hello');
    while (bot.events.length === 0) await new Promise(setImmediate);
    engine.integration.edit({});
    await engine.integration.verify();
    fail();
    await said;
    assert.equal(integration().consecutiveFailures, 0);
  });

  it('wants the token in every answer', async () => {
    const { engine, bot } = stage;
    bot.responder = noToken;
    await engine.customer('Ada').says('Hello');
    const [attempt] = eventsToBot(engine)[0]?.attempts ?? [];
    assert.deepEqual([attempt?.status, attempt?.problem, attempt?.token], [200, 'token missing', 'missing']);
    assert.equal(integration().consecutiveFailures, 1);
    assert.deepEqual(broken(engine), ['tokenMissing']);
  });

  it('cuts an answer that takes too long', async () => {
    const slow = await setUp({ answerWithinMs: 30 }, silent);
    try {
      await slow.engine.customer('Ada').says('Hello');
      const [attempt] = eventsToBot(slow.engine)[0]?.attempts ?? [];
      assert.equal(attempt?.status, undefined);
      assert.equal(attempt?.problem, 'no answer within 30 ms');
      assert.deepEqual(broken(slow.engine), ['tooSlow']);
    } finally {
      await slow.stop();
    }
  });

  it('says when nobody listens', async () => {
    const { engine, bot } = stage;
    await bot.stop();
    await engine.customer('Ada').says('Hello');
    assert.equal(eventsToBot(engine)[0]?.attempts[0]?.problem, 'the connection was refused');
    assert.deepEqual(broken(engine), []);
  });

  it('follows no redirect', async () => {
    const { engine, bot } = stage;
    bot.responder = (event, res) => {
      if (event.body === '{}') return welcome(event, res);
      res.writeHead(307, { Location: bot.url });
      res.end();
    };
    await engine.customer('Ada').says('Hello');
    assert.equal(eventsToBot(engine)[0]?.attempts[0]?.problem, 'answered 307');
    assert.equal(bot.events.length, 1);
  });

  it('sends the access token on the platform IMI BOT, and looks for no token in the answer', async () => {
    const { engine, bot } = stage;
    engine.integration.edit({ platform: 'IMI BOT', accessToken: 'open sesame' });
    bot.responder = (_event, res) => respond(res, 204);
    assert.equal(await engine.integration.verify(), true);
    await engine.customer('Ada').says('Hello');
    assert.equal(bot.events[0]?.headers.authorization, 'Bearer open sesame');
    assert.equal(eventsToBot(engine)[0]?.attempts[0]?.token, 'notChecked');
    assert.deepEqual(broken(engine), []);
    assert.doesNotMatch(JSON.stringify(engine.world()), /sesame/);
  });

  it('sends no access token on the platform OTHERS', async () => {
    const { engine, bot } = stage;
    engine.integration.edit({ accessToken: 'open sesame' });
    await engine.integration.verify();
    await engine.customer('Ada').says('Hello');
    assert.equal(bot.events[0]?.headers.authorization, undefined);
  });

  it('needs a URL of the bot', async () => {
    const { engine } = stage;
    assert.throws(() => engine.integration.edit({ botUrl: 'ftp://example.com' }), TypeError);
    engine.integration.edit({ botUrl: '' });
    assert.equal(await engine.integration.verify(), false);
    assert.match(integration().lastVerifyProblem ?? '', /no URL/);
  });

  it("sends a customer's events one after the other, those of others side by side", async () => {
    const { engine, bot } = stage;
    const held: (() => void)[] = [];
    bot.responder = (event, res) => void held.push(() => welcome(event, res));
    const said = [
      engine.customer('Ada').says('a1'),
      engine.customer('Ada').says('a2'),
      engine.customer('Bob').says('b1'),
    ];
    while (held.length < 2) await new Promise(setImmediate);
    assert.deepEqual([...bot.heard].sort(), ['a1', 'b1']);
    for (const release of held.splice(0)) release();
    while (held.length < 1) await new Promise(setImmediate);
    for (const release of held.splice(0)) release();
    await Promise.all(said);
    assert.equal(bot.heard[2], 'a2');
  });

  it('sends again what is on the wire, as it was', async () => {
    const { engine, bot } = stage;
    const ada = engine.customer('Ada');
    await ada.says('Hello');
    await say(engine, ada.conversationId, 'Good day', { key: '1' });
    const [event, post] = engine.world().wire.filter((entry) => entry.conversationId !== undefined);
    await engine.resend(event?.id ?? '');
    assert.equal(bot.events.length, 2);
    assert.equal(bot.events[1]?.body, bot.events[0]?.body);
    await engine.resend(post?.id ?? '');
    assert.deepEqual(
      ada.chat.map(({ text }) => text),
      ['Hello', 'Good day', 'Good day'],
    );
    const [, , eventAgain, postAgain] = engine.world().wire.slice(-4);
    assert.deepEqual(
      [eventAgain, postAgain].map((entry) => [entry?.kind, entry?.body]),
      [
        ['toBot', event?.body],
        ['fromBot', post?.body],
      ],
    );
    assert.ok(postAgain?.kind === 'fromBot' && postAgain.fault === 'sent again by hand', 'the wire says so');
    assert.equal(postAgain.status, 200);
    await assert.rejects(engine.resend('wire-999'), /no entry/);
    assert.deepEqual(broken(engine), []);
  });

  it('remembers the last 500 entries', async () => {
    const { engine } = stage;
    const ada = engine.customer('Ada');
    await ada.says('Hello');
    for (let n = 0; n < 600; n++) await say(engine, ada.conversationId, `${n}`, { key: `${n}` });
    assert.equal(engine.world().wire.length, 500);
    assert.equal(ada.chat.length, 601);
  });

  it('stops in the middle of anything', async () => {
    const { engine, bot } = stage;
    bot.responder = silent;
    const said = engine.customer('Ada').says('Hello');
    while (bot.events.length === 0) await new Promise(setImmediate);
    await engine.stop();
    await said;
    assert.deepEqual(attempts(), [0]);
    assert.deepEqual(broken(engine), []);
  });

  it('refuses options that the platform has not', async () => {
    await assert.rejects(setUp({ retryDelaysMs: [1, 2, 3, 4, 5] }), RangeError);
    await assert.rejects(setUp({ answerWithinMs: 0 }), RangeError);
  });
});
