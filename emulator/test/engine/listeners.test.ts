import assert from 'node:assert/strict';
import { Listeners } from '../../src/engine/listeners';
import { broken, eventsToBot, setUp } from './support/stage';

/** What would have ended the process, while `work` is done. */
async function uncaughtDuring(work: () => Promise<void>): Promise<unknown[]> {
  const others = process.listeners('uncaughtException');
  const errors: unknown[] = [];
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => errors.push(error));
  try {
    await work();
    await new Promise(setImmediate);
    return errors;
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
  }
}

describe('Listeners', () => {
  it('hear of changes until they had enough', () => {
    const listeners = new Listeners();
    const heard: string[] = [];
    const end = listeners.add(() => heard.push('one'));
    listeners.add(() => heard.push('other'));
    listeners.notify();
    end();
    listeners.notify();
    assert.deepEqual(heard, ['one', 'other', 'other']);
  });

  it('may come and go while they are told', () => {
    const listeners = new Listeners();
    const heard: string[] = [];
    const end = listeners.add(() => {
      heard.push('first');
      end();
      listeners.add(() => heard.push('newcomer'));
    });
    listeners.notify();
    assert.deepEqual(heard, ['first']);
    listeners.notify();
    assert.deepEqual(heard, ['first', 'newcomer']);
  });

  it('that fail are heard of, and break nothing: the event is delivered, and the next ones too', async () => {
    const { engine, bot, stop } = await setUp();
    const failure = new Error('The listener of a test failed.');
    const errors = await uncaughtDuring(async () => {
      engine.subscribe(() => {
        throw failure;
      });
      await engine.customer('Ada').says('Hello');
      await engine.customer('Ada').says('again');
      await engine.idle();
    });
    assert.deepEqual(bot.heard, ['Hello', 'again']);
    assert.deepEqual(
      eventsToBot(engine).map(({ state }) => state),
      ['answered', 'answered'],
    );
    assert.deepEqual(broken(engine), []);
    assert.deepEqual(new Set(errors), new Set([failure]));
    await uncaughtDuring(stop);
  });
});
