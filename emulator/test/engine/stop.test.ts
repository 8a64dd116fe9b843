import assert from 'node:assert/strict';
import { handOver, say, setUp } from './support/stage';
import { type Responder, welcome } from './support/testBot';

const silent: Responder = (event, res) => {
  if (event.body === '{}') welcome(event, res);
};

describe('Stopping an engine', () => {
  it('does not wait for a bot that answers nobody, however many are waiting', async () => {
    // Each attempt would take its time, sixteen at once.
    const { engine, bot, stop } = await setUp({ answerWithinMs: 60_000 }, silent);
    const said = Array.from({ length: 100 }, (_, n) => engine.customer(`Customer ${n}`).says('Hello'));
    while (bot.events.length < 16) await new Promise(setImmediate);
    await stop();
    await Promise.all(said);
    assert.equal(bot.events.length, 16);
  });

  it('ends what a customer waits to read, and says why', async () => {
    const { engine, stop } = await setUp();
    const reading = assert.rejects(
      engine.customer('Ada').reads('Hello', 60_000),
      /Ada did not read Hello: the emulator was stopped/,
    );
    await stop();
    await reading;
    await assert.rejects(engine.customer('Ada').reads('Hello'), /the emulator was stopped/);
  });

  it('ends what the desk waits to receive, and says why', async () => {
    const { engine, stop } = await setUp();
    const receiving = assert.rejects(
      engine.desk.receives('Ada', 60_000),
      /Ada was not handed over: the emulator was stopped/,
    );
    await stop();
    await receiving;
    await assert.rejects(engine.desk.receives('Ada'), /the emulator was stopped/);
  });

  it('is not ended by a customer who waits for ever', async () => {
    const { engine, stop } = await setUp();
    const ada = engine.customer('Ada');
    await ada.says('Hello');
    const reading = ada.reads('Good day', Number.POSITIVE_INFINITY);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await say(engine, ada.conversationId, 'Good day');
    assert.equal((await reading).text, 'Good day');
    await stop();
  });

  it('is not ended by a desk that waits for ever', async () => {
    const { engine, stop } = await setUp();
    const ada = engine.customer('Ada');
    await ada.says('Human!');
    const receiving = engine.desk.receives('Ada', Number.POSITIVE_INFINITY);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await handOver(engine, ada.conversationId);
    assert.equal((await receiving).customerName, 'Ada');
    await stop();
  });

  it('sends nothing any more', async () => {
    const { engine, bot, stop } = await setUp();
    const ada = engine.customer('Ada');
    await ada.says('Hello');
    const [, event] = engine.world().wire;
    await stop();
    await ada.says('again');
    assert.equal(await engine.integration.verify(), false);
    await engine.resend(event?.id ?? '');
    await engine.clock.jump(1000);
    await engine.idle();
    assert.deepEqual(bot.heard, ['Hello']);
  });

  it('ends in the middle of late answers, jumps and faults', async () => {
    const { engine, bot, stop } = await setUp({ answerWithinMs: 60_000 });
    engine.faults.add({ direction: 'toBot', effect: { kind: 'answerLate', delayMs: 30_000 } });
    const said = engine.customer('Ada').says('Hello');
    while (bot.events.length === 0) await new Promise(setImmediate);
    const jump = engine.clock.jump(3_600_000);
    await stop();
    await Promise.all([said, jump]);
  });
});
