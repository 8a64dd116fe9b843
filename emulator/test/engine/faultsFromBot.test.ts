import assert from 'node:assert/strict';
import type { FaultEffect, FaultMatch } from '../../src/world';
import { broken, HOUR, handOver, postsFromBot, say, setUp, type TestStage } from './support/stage';

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
