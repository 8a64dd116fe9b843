import assert from 'node:assert/strict';
import type { FaultEffect, FaultMatch } from '../../src/world';
import { broken, eventsToBot, HOUR, handOver, MINUTE, setUp, type TestStage } from './support/stage';

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
