import assert from 'node:assert/strict';
import type { FaultEffect, FaultMatch } from '../../src/world';
import {
  broken,
  eventsToBot,
  HOUR,
  handOver,
  MINUTE,
  postsFromBot,
  say,
  setUp,
  type TestStage,
} from './support/stage';

describe('Faults on the way to the bot', () => {
  let stage: TestStage;
  beforeEach(async () => {
    stage = await setUp({ answerWithinMs: 2000 });
  });
  afterEach(() => stage.stop());

  const play = (effect: FaultEffect, match: FaultMatch = {}) =>
    stage.engine.faults.add({ direction: 'toBot', match: { attempt: 1, ...match }, effect });
  const firstAttempt = () => eventsToBot(stage.engine)[0]?.attempts[0];
  const says = (text: string) => stage.engine.customer('Ada').says(text);

  const kept: [effect: FaultEffect, status: number | undefined, problem: string][] = [
    [{ kind: 'refuse' }, undefined, 'the connection was refused'],
    [{ kind: 'status', status: 503, retryAfterSeconds: 7 }, 503, 'answered 503'],
  ];
  for (const [effect, status, problem] of kept) {
    it(`${effect.kind}: keeps the event from the bot`, async () => {
      play(effect);
      await says('Hello');
      assert.deepEqual(stage.bot.heard, []);
      assert.deepEqual([firstAttempt()?.status, firstAttempt()?.problem], [status, problem]);
      await stage.engine.clock.jump(MINUTE);
      assert.deepEqual(stage.bot.heard, ['Hello']);
      assert.equal(stage.engine.world().faults[0]?.played, 1);
    });
  }

  const lost: [effect: FaultEffect, problem: string][] = [
    [{ kind: 'timeOut' }, 'no answer within 2000 ms'],
    [{ kind: 'resetAfterSend' }, 'the connection was reset'],
  ];
  for (const [effect, problem] of lost) {
    it(`${effect.kind}: the bot has the event, and gets it again`, async () => {
      play(effect);
      await says('Hello');
      assert.deepEqual(stage.bot.heard, ['Hello']);
      assert.equal(firstAttempt()?.problem, problem);
      assert.ok(firstAttempt()?.fault !== undefined, 'no fault shown');
      await stage.engine.clock.jump(MINUTE);
      assert.deepEqual(stage.bot.heard, ['Hello', 'Hello']);
      assert.equal(stage.bot.events[0]?.body, stage.bot.events[1]?.body);
      assert.deepEqual(broken(stage.engine), []);
    });
  }

  it('answerLate: counts when it is in time, and not when it is not', async () => {
    const hasty = await setUp({ answerWithinMs: 150 });
    try {
      const { engine } = hasty;
      engine.faults.add({
        direction: 'toBot',
        match: { times: 1 },
        effect: { kind: 'answerLate', delayMs: 20 },
      });
      engine.faults.add({
        direction: 'toBot',
        match: { times: 1 },
        effect: { kind: 'answerLate', delayMs: 9000 },
      });
      await engine.customer('Ada').says('in time');
      await engine.customer('Ada').says('late');
      const [inTime, late] = eventsToBot(engine).map(({ attempts }) => attempts[0]);
      assert.equal(inTime?.problem, undefined);
      assert.ok((inTime?.tookMs ?? 0) >= 20, `took ${inTime?.tookMs}`);
      assert.equal(late?.problem, 'no answer within 150 ms');
      assert.deepEqual(broken(engine), []);
    } finally {
      await hasty.stop();
    }
  });

  it('duplicate: sends copies, that are nobody else’s business', async () => {
    play({ kind: 'duplicate', copies: 2 });
    await says('Hello');
    assert.deepEqual(stage.bot.heard, ['Hello', 'Hello', 'Hello']);
    assert.equal(new Set(stage.bot.events.map(({ body }) => body)).size, 1);
    assert.equal(eventsToBot(stage.engine).length, 3);
    assert.equal(stage.engine.customer('Ada').chat.length, 1);
  });

  it('reorder: holds an event back until the next of the conversation', async () => {
    const rule = play({ kind: 'reorder' }, { times: 1 });
    await says('first');
    await stage.engine.customer('Bob').says('of another');
    await stage.engine.idle();
    assert.deepEqual(stage.bot.heard, ['of another']);
    await says('second');
    assert.deepEqual(stage.bot.heard, ['of another', 'second', 'first']);
    assert.equal(rule.played, 0);
    assert.match(eventsToBot(stage.engine)[0]?.attempts[0]?.fault ?? '', /held back/);
  });

  it('reorder: lets go of it when the rule is gone', async () => {
    const { id } = play({ kind: 'reorder' });
    await says('first');
    stage.engine.faults.remove(id);
    await stage.engine.idle();
    assert.deepEqual(stage.bot.heard, ['first']);
  });

  it('reorder: loses nothing when the integration is edited meanwhile', async () => {
    const { engine, bot } = stage;
    play({ kind: 'reorder' }, { times: 1 });
    await says('first');
    engine.integration.edit({});
    await says('second');
    await engine.integration.verify();
    await engine.idle();
    assert.deepEqual([...bot.heard].sort(), ['first', 'second']);
  });

  it('truncate: cuts the event, and expects no answer to it', async () => {
    play({ kind: 'truncate', bytes: 20 });
    await says('Hello');
    assert.equal(stage.bot.events[0]?.body.length, 20);
    stage.realTime.now += HOUR;
    assert.deepEqual(stage.engine.judge.settle(), []);
  });

  it('clockSkew: stamps all attempts of an event wrongly', async () => {
    play({ kind: 'clockSkew', skewMs: HOUR });
    play({ kind: 'timeOut' }, { times: 1 });
    const at = stage.engine.clock.now();
    await says('Hello');
    await stage.engine.clock.jump(MINUTE);
    const stamps = stage.bot.events.map(({ fields }) =>
      Date.parse(`${fields.Timestamp?.replace(' ', 'T')}Z`),
    );
    assert.equal(stamps.length, 2);
    assert.equal(stamps[0], stamps[1]);
    assert.ok(Math.abs((stamps[0] ?? 0) - at - HOUR) < 10, `stamped ${stamps[0]}`);
    assert.equal(firstAttempt()?.fault, `no answer, stamps off by ${HOUR} ms`);
  });

  it('plays only what matches', async () => {
    const { engine, bot } = stage;
    const ada = engine.customer('Ada');
    await ada.says('0');
    const refuse = { kind: 'refuse' } as const;
    engine.faults.add({ direction: 'fromBot', effect: refuse });
    engine.faults.add({ direction: 'toBot', match: { event: 'FB POSTBACK' }, effect: refuse });
    engine.faults.add({ direction: 'toBot', match: { attempt: 2 }, effect: refuse });
    engine.faults.add({ direction: 'toBot', match: { conversationId: 'other' }, effect: refuse });
    engine.faults.add({ direction: 'toBot', match: { probability: 0 }, effect: refuse });
    await ada.says('1');
    await ada.taps('2');
    assert.deepEqual(bot.heard, ['0', '1']);
    await engine.clock.jump(MINUTE);
    assert.deepEqual(bot.heard, ['0', '1']);
    engine.faults.clear();
    await engine.clock.jump(HOUR);
    assert.deepEqual(bot.heard, ['0', '1', '2']);
  });

  it('knows a customer by name, before the first message', async () => {
    const { engine, bot } = stage;
    engine.faults.add({ direction: 'toBot', match: { customer: 'Ada' }, effect: { kind: 'refuse' } });
    await engine.customer('Ada').says('first');
    await engine.customer('Bob').says('another');
    assert.deepEqual(bot.heard, ['another']);
    await handOver(engine, engine.customer('Ada').conversationId);
    await engine.customer('Ada').says('to the agent');
    assert.deepEqual(bot.heard, ['another']);
  });

  const wrong: [rule: object, problem: RegExp][] = [
    [{ match: { evnt: 'Verify' }, effect: { kind: 'refuse' } }, /match: Unrecognized key: "evnt"/],
    [{ match: { conversationId: undefined }, effect: { kind: 'refuse' } }, /match: conversationId: /],
    [{ match: { attempt: 6 }, effect: { kind: 'refuse' } }, /match: attempt: /],
    [{ match: { times: 0 }, effect: { kind: 'refuse' } }, /match: times: /],
    [{ match: { probability: 2 }, effect: { kind: 'refuse' } }, /match: probability: /],
    [{ effect: { kind: 'explode' } }, /effect: kind: /],
    [{ effect: { kind: 'duplicate', copies: 1e9 } }, /effect: copies: /],
    [{ effect: { kind: 'clockSkew', skewMs: 1e300 } }, /effect: skewMs: /],
    [{ effect: { kind: 'clockSkew', skewMs: Number.NaN } }, /effect: skewMs: /],
    [{ effect: { kind: 'status', status: 99 } }, /effect: status: /],
    [{ direction: 'sideways', effect: { kind: 'refuse' } }, /direction: /],
  ];
  for (const [rule, problem] of wrong) {
    it(`cannot be ${JSON.stringify(rule)}`, () => {
      const { faults } = stage.engine;
      const check = (error: unknown) => {
        assert.ok(error instanceof TypeError, String(error));
        assert.match(error.message, /^faults\.add: /);
        assert.match(error.message, problem);
        return true;
      };
      assert.throws(() => Reflect.apply(faults.add, faults, [{ direction: 'toBot', ...rule }]), check);
      assert.deepEqual(stage.engine.world().faults, []);
    });
  }

  it('breaks Verify too', async () => {
    const { engine } = stage;
    engine.integration.edit({});
    play({ kind: 'status', status: 500 }, { event: 'Verify', times: 1 });
    assert.equal(await engine.integration.verify(), false);
    assert.equal(engine.world().integration.lastVerifyProblem, 'answered 500');
    assert.equal(await engine.integration.verify(), true);
  });

  it('draws the same for the same seed, whoever comes first', async () => {
    const runs: string[][] = [];
    for (const names of [
      ['Ada', 'Bob', 'Cy'],
      ['Cy', 'Ada', 'Bob'],
    ]) {
      const run = await setUp({ seed: 7 });
      run.engine.faults.add({
        direction: 'toBot',
        match: { probability: 0.5 },
        effect: { kind: 'truncate', bytes: 1 },
      });
      for (const name of names)
        for (let n = 0; n < 8; n++) await run.engine.customer(name).says(`${name} ${n}`);
      runs.push(run.bot.heard.filter((text) => text !== undefined).sort());
      await run.stop();
    }
    assert.deepEqual(runs[0], runs[1]);
    const heard = runs[0]?.length ?? 0;
    assert.ok(heard > 4 && heard < 20, `${heard} of 24 were heard`);
  });
});

describe('Faults on the way from the bot', () => {
  let stage: TestStage;
  beforeEach(async () => {
    stage = await setUp();
    await stage.engine.customer('Ada').says('Hello');
  });
  afterEach(() => stage.stop());

  const play = (effect: FaultEffect, match: FaultMatch = {}) =>
    stage.engine.faults.add({ direction: 'fromBot', match: { attempt: 1, ...match }, effect });
  const ada = () => stage.engine.customer('Ada');
  const reply = (text: string, key = text) => say(stage.engine, ada().conversationId, text, { key });
  const read = () =>
    ada()
      .chat.slice(1)
      .map(({ text }) => text);

  const unheard: [effect: FaultEffect, close: string | undefined, status: number][] = [
    [{ kind: 'refuse' }, 'reset', 0],
    [{ kind: 'timeOut' }, 'silent', 0],
    [{ kind: 'status', status: 429, retryAfterSeconds: 3 }, undefined, 429],
  ];
  for (const [effect, close, status] of unheard) {
    it(`${effect.kind}: the customer reads nothing until the bot tries again`, async () => {
      play(effect);
      const answer = await reply('a');
      assert.equal(answer.close, close);
      assert.equal(answer.status, status);
      assert.deepEqual(read(), []);
      if (effect.kind === 'status') assert.equal(answer.headers['Retry-After'], '3');
      assert.equal((await reply('a')).status, 200);
      assert.deepEqual(read(), ['a']);
      assert.deepEqual(
        postsFromBot(stage.engine).map(({ isRepeat, status: shown }) => [isRepeat, shown]),
        [
          [false, status],
          [true, 200],
        ],
      );
      assert.deepEqual(broken(stage.engine), []);
    });
  }

  for (const status of [202, 302, 404]) {
    it(`status ${status}: is not held against a bot that goes on`, async () => {
      play({ kind: 'status', status }, { times: 1 });
      assert.equal((await reply('a')).status, status);
      await reply('b');
      assert.deepEqual(read(), ['b']);
      stage.realTime.now += HOUR;
      assert.deepEqual(stage.engine.judge.settle(), []);
    });
  }

  for (const status of [408, 429, 500, 503]) {
    it(`status ${status}: is held against a bot that goes on`, async () => {
      play({ kind: 'status', status }, { times: 1 });
      await reply('a');
      await reply('b');
      stage.realTime.now += HOUR;
      assert.deepEqual(
        stage.engine.judge.settle().map(({ rule }) => rule),
        ['unanswered'],
      );
    });
  }

  it('resetAfterSend: the customer has read it already, and reads it again', async () => {
    play({ kind: 'resetAfterSend' });
    assert.equal((await reply('a')).close, 'reset');
    await reply('a');
    assert.deepEqual(read(), ['a', 'a']);
    assert.deepEqual(broken(stage.engine), []);
    await reply('a');
    assert.deepEqual(broken(stage.engine), ['doubled']);
  });

  it('answerLate: acts at once and answers late', async () => {
    play({ kind: 'answerLate', delayMs: 30 });
    const late = reply('a');
    assert.deepEqual(read(), ['a']);
    assert.equal((await late).status, 200);
  });

  it('duplicate: shows it more than once, and blames nobody', async () => {
    play({ kind: 'duplicate', copies: 1 });
    await reply('a');
    assert.deepEqual(read(), ['a', 'a']);
    assert.deepEqual(broken(stage.engine), []);
  });

  it('reorder: shows it after the next one, or when the rule is gone', async () => {
    play({ kind: 'reorder' }, { times: 1 });
    assert.equal((await reply('a')).status, 200);
    assert.deepEqual(read(), []);
    await reply('b');
    assert.deepEqual(read(), ['b', 'a']);
    play({ kind: 'reorder' });
    const { body } = await reply('c');
    stage.engine.faults.clear();
    assert.deepEqual(read(), ['b', 'a', 'c']);
    assert.equal(body, JSON.stringify({ Messageid: ada().chat.at(-1)?.id }));
    assert.deepEqual(broken(stage.engine), []);
  });

  it('truncate: cuts the answer', async () => {
    play({ kind: 'truncate', bytes: 5 });
    const { status, body } = await reply('a');
    assert.deepEqual([status, body], [200, '{"Mes']);
    assert.deepEqual(read(), ['a']);
  });

  it('clockSkew: is off in the Date of the answer', async () => {
    play({ kind: 'clockSkew', skewMs: HOUR });
    const { headers } = await reply('a');
    const skew = Date.parse(headers.Date ?? '') - stage.engine.clock.now();
    assert.ok(Math.abs(skew - HOUR) < 1000, `off by ${skew}`);
    assert.match(postsFromBot(stage.engine)[0]?.fault ?? '', /stamps off/);
  });

  it('knows a customer by name', async () => {
    await stage.engine.customer('Bob').says('Hello');
    stage.engine.faults.add({ direction: 'fromBot', match: { customer: 'Ada' }, effect: { kind: 'refuse' } });
    assert.equal((await reply('a')).close, 'reset');
    assert.equal((await say(stage.engine, stage.engine.customer('Bob').conversationId, 'b')).status, 200);
  });

  it('matches eventid, conversation and attempt', async () => {
    play({ kind: 'refuse' }, { event: '1002' });
    play({ kind: 'timeOut' }, { conversationId: 'other' });
    play({ kind: 'status', status: 500 }, { attempt: 2 });
    assert.equal((await reply('a')).status, 200);
    assert.equal((await handOver(stage.engine, ada().conversationId, { key: 'h' })).close, 'reset');
    assert.equal((await handOver(stage.engine, ada().conversationId, { key: 'h' })).status, 500);
    assert.equal(stage.engine.world().desk.length, 0);
    assert.equal((await handOver(stage.engine, ada().conversationId, { key: 'h' })).status, 200);
    assert.equal(stage.engine.world().desk.length, 1);
  });
});

describe('What the bot POSTs', () => {
  let stage: TestStage;
  beforeEach(async () => {
    stage = await setUp();
    await stage.engine.customer('Ada').says('Hello');
  });
  afterEach(() => stage.stop());

  it('to a conversation that it does not have is refused', async () => {
    const { engine } = stage;
    const conversationId = engine.customer('Ada').conversationId;
    assert.equal((await say(engine, 'CONV-unknown', 'a')).status, 404);
    await handOver(engine, conversationId);
    assert.equal((await say(engine, engine.world().desk[0]?.id, 'a')).status, 404);
    assert.deepEqual(broken(engine), ['wrongConversation', 'wrongConversation']);
    assert.match(postsFromBot(engine)[0]?.problems.join() ?? '', /unknown/);
    assert.match(postsFromBot(engine)[2]?.problems.join() ?? '', /an agent's/);
  });

  it('that cannot be understood is refused', async () => {
    const { engine } = stage;
    const { status, body } = await engine.receive({
      headers: { 'Content-Type': 'application/json' },
      body: 'hm',
    });
    assert.equal(status, 400);
    assert.match(body, /no JSON object/);
    assert.equal((await say(engine, undefined, 'a')).status, 400);
    assert.deepEqual(broken(engine), ['malformed', 'malformed']);
  });

  it('that cannot be read is shown, and refused as it must be', async () => {
    const { engine } = stage;
    const unreadable = { status: 413, problem: 'The body is larger than 1mb.' };
    const answer = await engine.receive({ headers: {}, body: '', unreadable });
    assert.deepEqual([answer.status, answer.body], [413, '{"error":"The body is larger than 1mb."}']);
    assert.deepEqual(postsFromBot(engine)[0]?.problems, [unreadable.problem]);
    assert.deepEqual(broken(engine), ['malformed']);
  });

  it('with a wrong field is taken, and shown to be wrong', async () => {
    const { engine } = stage;
    const body = JSON.stringify({
      eventid: '1001',
      conversation_id: engine.customer('Ada').conversationId,
      message: 'a',
    });
    const { status } = await engine.receive({ headers: { 'content-type': ['application/json'] }, body });
    assert.equal(status, 200);
    const [post] = postsFromBot(engine);
    assert.deepEqual(post?.problems, ['Messagetype is missing.', 'Timestamp is missing.']);
    assert.equal(engine.customer('Ada').chat.at(-1)?.text, 'a');
    assert.deepEqual(broken(engine), ['malformed']);
  });

  it('is shown without its secrets', async () => {
    const { engine } = stage;
    await engine.receive({ headers: { Authorization: 'Bearer sesame', 'X-Trace': 't' }, body: '{}' });
    const [post] = postsFromBot(engine);
    assert.deepEqual(post?.headers, { authorization: '…', 'x-trace': 't' });
  });

  it('may be stamped by a clock that knows nothing of a jump, or shares it', async () => {
    const { engine } = stage;
    const { conversationId } = engine.customer('Ada');
    await engine.clock.jump(5 * HOUR);
    await say(engine, conversationId, 'with its own clock', { at: Date.now() });
    await say(engine, conversationId, 'with ours', { at: engine.clock.now() });
    assert.deepEqual(broken(engine), []);
    await say(engine, conversationId, 'in another time zone', { at: engine.clock.now() + HOUR });
    assert.deepEqual(broken(engine), ['malformed']);
  });

  it('may be old when a fault has been played on it', async () => {
    const { engine } = stage;
    const { conversationId } = engine.customer('Ada');
    engine.faults.add({ direction: 'fromBot', match: { times: 1 }, effect: { kind: 'refuse' } });
    const at = engine.clock.now() - 9 * HOUR;
    await say(engine, conversationId, 'refused');
    await say(engine, conversationId, 'old', { key: '1', at });
    assert.deepEqual(broken(engine), []);
  });
});
