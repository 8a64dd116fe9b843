import assert from 'node:assert/strict';
import { ANSWER_LOST, Court, REFUSED } from './support';

describe('The judge', () => {
  let court: Court;
  beforeEach(() => {
    court = new Court();
  });
  const verdict = (...rules: string[]) => assert.deepEqual(court.verdict, rules);

  describe('of silence', () => {
    it('wants an answer to what the bot took', () => {
      court.deliver(court.event('1'));
      court.realTime = 99;
      assert.deepEqual(court.judge.settle(), []);
      court.realTime = 100;
      const [violation] = court.judge.settle();
      assert.equal(violation?.rule, 'unanswered');
      assert.equal(violation?.conversationId, 'A');
      assert.equal(violation?.at, 42);
      assert.deepEqual(violation?.evidence, ['event 1']);
      verdict('unanswered');
    });

    it('takes a reply or a handover for an answer to all that was sent before', () => {
      court.deliver(court.event('1'));
      court.deliver(court.event('2'));
      court.says('both', 1);
      court.deliver(court.event('3'));
      court.handsOver(2);
      court.closes();
      verdict();
    });

    it('takes a reply that is faster than the answer to the event', () => {
      const event = court.event('1');
      court.judge.sends(event);
      court.says('quick', 1);
      court.deliver(event);
      verdict();
    });

    it('wants none for what the bot did not take, for receipts and for what is mirrored', () => {
      court.deliver(court.event('1'), { isAccepted: false });
      court.deliver(court.event('2', { isForBot: false }));
      verdict();
    });

    it('counts from the first acceptance', () => {
      const event = court.event('1');
      court.deliver(event);
      court.realTime = 90;
      court.deliver(event);
      court.realTime = 100;
      assert.equal(court.judge.settle().length, 1);
    });

    it('waits while the integration is failing', () => {
      court.deliver(court.event('1'));
      court.isHealthy = false;
      verdict();
      court.isHealthy = true;
      verdict('unanswered');
    });

    it('excuses what the contact centre answers', () => {
      court.deliver(court.event('1'));
      court.isWithAgent = true;
      verdict();
      court.isWithAgent = false;
      verdict();
    });

    it('excuses what an agent has answered', () => {
      court.deliver(court.event('1'));
      court.judge.agentSpeaks('A');
      court.judge.agentSpeaks('nobody');
      verdict();
    });

    it('excuses what reached it while the contact centre had the conversation', () => {
      court.isWithAgent = true;
      court.deliver(court.event('1'));
      court.isWithAgent = false;
      verdict();
    });

    it('excuses what crossed a handover on the wire, however late it arrives', () => {
      const crossing = court.event('1');
      court.handsOver(10);
      court.closes();
      court.deliver(crossing);
      verdict();
      court.deliver(court.event('3'));
      verdict('unanswered');
    });

    it('waits while faults keep the bot from speaking, here or anywhere', () => {
      court.deliver(court.event('1'));
      court.says('refused', 1, REFUSED);
      court.deliver(court.event('2'));
      verdict();
      court.says('elsewhere', 1, { conversationId: 'B' });
      verdict();
      court.says('refused elsewhere', 2, { conversationId: 'B', ...REFUSED });
      court.says('refused', 1);
      court.says('heard', 3);
      court.deliver(court.event('3'));
      verdict('unanswered');
    });

    it('tells each of many once, though whoever hears of it asks again', () => {
      court.deliver(court.event('1'));
      court.deliver(court.event('2'));
      court.listener = () => void court.judge.settle();
      verdict('unanswered', 'unanswered');
    });
  });

  describe('of what was refused', () => {
    it('wants it again before anything else', () => {
      court.deliver(court.event('1'));
      const lost = court.says('lost', 1, REFUSED);
      verdict();
      court.deliver(court.event('2'));
      const next = court.says('next', 2);
      court.realTime += 99;
      assert.deepEqual(court.judge.settle(), []);
      verdict('unanswered');
      assert.match(court.judge.violations[0]?.message ?? '', /the bot went on without it/);
      assert.deepEqual(court.judge.violations[0]?.evidence, [lost.entryId, next.entryId]);
    });

    it('is content when it comes again, with another key and another stamp', () => {
      court.says('again', 1, { key: '1', ...REFUSED });
      court.says('next', 2);
      court.says('again', 3, { key: '2' });
      verdict();
    });

    it('takes what is stamped earlier for a straggler, not for what came instead', () => {
      court.says('second', 2, REFUSED);
      court.says('first', 1);
      verdict();
    });

    it('wants a handover again too', () => {
      court.handsOver(1, REFUSED);
      court.deliver(court.event('1'));
      court.says('as if nothing had been', 2);
      verdict('unanswered');
    });

    it('excuses what was refused for good, or five times, or heard already', () => {
      court.says('dead', 1, { key: '1', isRefusedForGood: true, ...REFUSED });
      for (let n = 0; n < 5; n++) court.says('given up', 2, { key: '2', ...REFUSED });
      court.says('heard', 3, { key: '3', ...ANSWER_LOST });
      court.says('heard', 3, { key: '3', ...REFUSED });
      court.says('next', 4);
      verdict();
    });

    it('does not take it for an answer', () => {
      court.deliver(court.event('1'));
      court.says('refused', 1, REFUSED);
      court.says('', 2, { eventId: 'neither reply nor handover' });
      verdict('unanswered');
    });
  });

  describe('knows when all is said:', () => {
    it('at once, when the bot owes nothing', () => {
      assert.equal(court.judge.settledInMs, undefined);
      court.deliver(court.event('1'));
      court.says('hi', 1);
      court.deliver(court.event('2'), { isAccepted: false });
      assert.equal(court.judge.settledInMs, undefined);
    });

    it('when the time of the latest is over', () => {
      court.deliver(court.event('1'));
      court.realTime = 30;
      court.deliver(court.event('2', { conversationId: 'B' }));
      assert.equal(court.judge.settledInMs, 100);
      court.realTime = 110;
      assert.equal(court.judge.settledInMs, 20);
      court.realTime = 200;
      assert.equal(court.judge.settledInMs, 0);
      verdict('unanswered', 'unanswered');
      assert.equal(court.judge.settledInMs, undefined);
    });

    it('when what was refused has had its time', () => {
      court.says('lost', 1, REFUSED);
      court.says('next', 2);
      assert.equal(court.judge.settledInMs, 100);
    });

    it('at once, when the bot is excused', () => {
      court.deliver(court.event('1'));
      court.isHealthy = false;
      assert.equal(court.judge.settledInMs, undefined);
      court.isHealthy = true;
      court.isWithAgent = true;
      assert.equal(court.judge.settledInMs, undefined);
    });
  });

  describe('of order', () => {
    it('wants stamps that do not go backwards', () => {
      court.says('a', 10);
      court.says('b', 10);
      court.says('c', 9);
      verdict('outOfOrder');
    });

    it('looks at each conversation by itself', () => {
      court.says('a', 10);
      court.says('b', 5, { conversationId: 'B' });
      verdict();
    });

    it('counts the first time that the customer got it', () => {
      court.says('a', 10, { key: '1', ...ANSWER_LOST });
      court.says('b', 20, { key: '2' });
      court.says('a', 10, { key: '1' });
      verdict();
    });

    it('finds a reply that was overtaken while it was tried again', () => {
      court.says('a', 10, { key: '1', ...REFUSED });
      court.says('b', 20, { key: '2' });
      court.says('a', 10, { key: '1' });
      verdict('outOfOrder');
    });

    it('excuses one that was refused for good, or five times, and replayed', () => {
      court.says('a', 10, { key: '1', isRefusedForGood: true, ...REFUSED });
      for (let n = 0; n < 5; n++) court.says('b', 11, { key: '2', ...REFUSED });
      court.says('c', 20, { key: '3' });
      court.says('a', 10, { key: '1' });
      court.says('b', 11, { key: '2' });
      verdict();
    });

    it('says nothing of stamps that cannot be read', () => {
      court.says('a', 10);
      court.says('b', undefined);
      verdict();
    });
  });
});
