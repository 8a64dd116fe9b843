import assert from 'node:assert/strict';
import { ANSWER_LOST, Court, REFUSED } from './support';

describe('The judge', () => {
  let court: Court;
  beforeEach(() => {
    court = new Court();
  });
  const verdict = (...rules: string[]) => assert.deepEqual(court.verdict, rules);

  describe('of doubles', () => {
    it('finds a key that comes again after its answer', () => {
      const first = court.says('a', 10, { key: '1' });
      const second = court.says('a', 10, { key: '1' });
      verdict('doubled');
      assert.deepEqual(court.judge.violations[0]?.evidence, [first.entryId, second.entryId]);
    });

    it('excuses a key that comes again because it had no answer', () => {
      court.says('a', 10, { key: '1', ...ANSWER_LOST });
      court.says('a', 10, { key: '1', ...REFUSED });
      court.says('a', 10, { key: '1' });
      verdict();
      court.says('a', 10, { key: '1' });
      verdict('doubled');
    });

    it('finds the same words at the same time, with no key or a new one', () => {
      court.says('a', 10);
      court.says('a', 10);
      court.says('b', 20, { key: '1' });
      court.says('b', 20, { key: '2' });
      verdict('doubled', 'doubled');
    });

    it('excuses the same words that waited behind something, as often as events came while time stood still', () => {
      court.deliver(court.event('1'));
      court.deliver(court.event('2'));
      court.says('a', 10, { key: '1', ...REFUSED });
      court.says('a', 10, { key: '1', ...ANSWER_LOST });
      court.says('a', 10, { key: '1' });
      court.says('a', 10, { key: '2' });
      verdict();
      court.says('a', 10, { key: '3' });
      verdict('doubled');
    });

    it('excuses them without a key too', () => {
      court.deliver(court.event('1'));
      court.deliver(court.event('2'));
      court.says('a', 10);
      court.says('a', 10);
      verdict();
      court.says('a', 10);
      verdict('doubled');
    });

    it('finds the same words at the same time for events that came one after the other', () => {
      court.deliver(court.event('1'));
      court.time++;
      court.deliver(court.event('2'));
      court.says('a', 10, { key: '1' });
      court.says('a', 10, { key: '2' });
      verdict('doubled');
    });

    it('excuses the same words as answer to another event, at another time, or without a time', () => {
      court.says('a', 10);
      court.deliver(court.event('1'));
      court.says('a', 10);
      court.says('a', 11);
      court.says('a', undefined);
      court.says('a', undefined);
      verdict();
    });

    it('excuses a repeat when the connection was gone before the answer was out', () => {
      const post = court.says('a', 10, { key: '1' });
      court.judge.answerLost(post);
      court.says('a', 10, { key: '1' });
      verdict();
    });

    it('excuses the latest post of a bot that has ended before it can have noted the answer, once', () => {
      court.says('a', 10, { key: '1' });
      court.judge.botEnds();
      court.judge.botRuns();
      court.says('a', 10, { key: '1', ...REFUSED });
      court.says('a', 10, { key: '1' });
      verdict();
      court.says('a', 10, { key: '1' });
      verdict('doubled');
    });

    it('excuses what arrives while the bot ends, and what it sends again before it is said to run', () => {
      court.judge.botEnds();
      court.says('a', 10, { key: '1' });
      court.says('a', 10, { key: '1' });
      court.judge.botRuns();
      verdict();
    });

    it('excuses a bot that has ended and hands over again, with no key or a new one', () => {
      court.handsOver(10);
      court.judge.botEnds();
      court.judge.botRuns();
      court.handsOver(11);
      verdict();
      court.handsOver(12);
      verdict('doubled');
    });

    it('finds what a bot that has ended must have noted: all but the latest, and what is a second old', () => {
      court.says('a', 10, { key: '1' });
      court.says('b', 11, { key: '2' });
      court.judge.botEnds();
      court.judge.botRuns();
      court.says('a', 10, { key: '1' });
      verdict('doubled');
      court.says('c', 12, { key: '3' });
      court.realTime += 1001;
      court.judge.botEnds();
      court.judge.botRuns();
      court.says('c', 12, { key: '3' });
      verdict('doubled', 'doubled');
    });

    it('finds a second handover while the first holds', () => {
      court.handsOver(10, { key: '1' });
      court.handsOver(11, { key: '2' });
      verdict('doubled');
    });

    it('finds an event that was answered as often as it was sent', () => {
      const event = court.event('1');
      court.deliver(event);
      court.deliver(event);
      court.says('hold on', 1, { key: '1' });
      court.says('done', 2, { key: '2' });
      court.says('hold on', 3, { key: '3' });
      court.says('done', 4, { key: '4' });
      verdict('doubled');
    });

    it('excuses the same words twice for an event that was sent once', () => {
      court.deliver(court.event('1'));
      court.says('done', 1, { key: '1' });
      court.says('done', 2, { key: '2' });
      verdict();
    });

    it('excuses the same words that may still answer an earlier event', () => {
      court.deliver(court.event('1'));
      const second = court.event('2');
      court.deliver(second);
      court.deliver(second);
      court.says('ok', 1, { key: '1' });
      court.says('ok', 2, { key: '2' });
      const third = court.event('3');
      court.deliver(third);
      court.deliver(third);
      court.says('ok', 3, { key: '3' });
      verdict();
      court.says('ok', 4, { key: '4' });
      verdict('doubled');
    });

    it('excuses a bot that stamps anew what was not answered', () => {
      const event = court.event('1');
      court.deliver(event);
      court.deliver(event);
      court.says('ok', 1, ANSWER_LOST);
      court.says('ok', 2);
      verdict();
    });
  });
});
