import assert from 'node:assert/strict';
import type { HealthEvent } from '../../../src/operations/health/healthEvents';
import { HealthListeners } from '../../../src/operations/health/healthListeners';
import { letEventLoopTurn } from '../../support/eventLoop';
import { RecordingLogger } from '../../support/recordingLogger';

const event: HealthEvent = {
  subject: 'webhook',
  level: 'warning',
  percent: 50,
  failures: 3,
  limit: 5,
  message: 'message',
  advice: 'advice',
  since: 1,
  at: 2,
};

describe('HealthListeners', () => {
  let logger: RecordingLogger;
  let listeners: HealthListeners;
  let heard: string[];
  const hear = (name: string) => () => void heard.push(name);

  beforeEach(() => {
    logger = new RecordingLogger();
    listeners = new HealthListeners(logger);
    heard = [];
  });

  it('are all told, in order, of every event', () => {
    listeners.add(hear('a'), { isOnce: false });
    listeners.add(hear('b'), { isOnce: false });
    listeners.tell(event);
    listeners.tell(event);
    assert.deepEqual(heard, ['a', 'b', 'a', 'b']);
  });

  it('are told once if they wish', () => {
    listeners.add(hear('once'), { isOnce: true });
    listeners.tell(event);
    listeners.tell(event);
    assert.deepEqual(heard, ['once']);
  });

  it('are told once although they cause another event', () => {
    listeners.add(
      () => {
        heard.push('once');
        listeners.tell(event);
      },
      { isOnce: true },
    );
    listeners.tell(event);
    assert.deepEqual(heard, ['once']);
  });

  it('can be taken away, the last of the same first, also one that wanted a single event', () => {
    const listener = hear('a');
    listeners.add(listener, { isOnce: false });
    listeners.add(listener, { isOnce: true });
    listeners.remove(listener);
    listeners.tell(event);
    listeners.tell(event);
    assert.deepEqual(heard, ['a', 'a']);
    listeners.remove(listener);
    listeners.remove(listener);
    listeners.tell(event);
    assert.equal(heard.length, 2);
  });

  it('can go while they are told: who was there is told, and not again', () => {
    const second = hear('second');
    listeners.add(() => listeners.remove(second), { isOnce: false });
    listeners.add(second, { isOnce: false });
    listeners.tell(event);
    listeners.tell(event);
    assert.deepEqual(heard, ['second']);
  });

  it('harm nobody when they throw or reject: the others are told, and the log has the name of the error', async () => {
    listeners.add(
      () => {
        throw new TypeError('secret');
      },
      { isOnce: false },
    );
    listeners.add(async () => Promise.reject(new RangeError('secret')), { isOnce: false });
    listeners.add(() => Promise.reject('a text'), { isOnce: false });
    listeners.add(hear('last'), { isOnce: false });
    listeners.tell(event);
    await letEventLoopTurn();
    assert.deepEqual(heard, ['last']);
    assert.deepEqual(
      new Set(logger.lines.map(({ level, fields }) => `${level} ${fields?.subject} ${fields?.error}`)),
      new Set(['error webhook TypeError', 'error webhook RangeError', 'error webhook string']),
    );
    assert.equal(logger.text.includes('secret'), false);
  });
});
