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

  describe('of handovers', () => {
    it('finds a reply after it', () => {
      const handover = court.handsOver(10);
      const reply = court.says('and another thing', 11);
      verdict('replyAfterHandover');
      assert.deepEqual(court.judge.violations[0]?.evidence, [handover.entryId, reply.entryId]);
    });

    it('excuses replies before the bot knows that it was taken', () => {
      court.handsOver(10, { key: '1', ...ANSWER_LOST });
      court.handsOver(10, { key: '1', ...REFUSED });
      court.says('still here', 11);
      verdict();
      court.handsOver(10, { key: '1' });
      court.says('one more', 12);
      verdict('replyAfterHandover');
    });

    it('excuses a repeat of what was said before', () => {
      court.says('before', 9, { key: '1', ...ANSWER_LOST });
      court.handsOver(10, { key: '2' });
      court.says('before', 9, { key: '1' });
      verdict();
    });

    it('finds a reply of a bot that has been started anew', () => {
      court.handsOver(10);
      court.judge.botEnds();
      court.judge.botRuns();
      court.says('hello again', 11);
      verdict('replyAfterHandover');
    });

    it("ends with the customer's next message to the bot, not with one that crossed it", () => {
      const crossing = court.event('1');
      court.handsOver(10);
      const next = court.event('2');
      court.deliver(crossing);
      court.says('crossed', 11);
      verdict('replyAfterHandover');
      court.closes();
      court.deliver(next);
      court.says('back', 12);
      verdict('replyAfterHandover');
    });

    it('ends with the agent, though the customer has not written again', () => {
      court.handsOver(10);
      court.closes();
      court.says('I am back', 11);
      court.handsOver(12, { key: 'again' });
      court.says('and another thing', 13);
      verdict('replyAfterHandover');
    });

    it('does not begin again with a late repeat of a 1002 that is over', () => {
      court.handsOver(10, { key: '1', ...ANSWER_LOST });
      court.closes();
      court.deliver(court.event('1'));
      court.handsOver(10, { key: '1' });
      court.closes();
      court.says('back', 12);
      verdict();
    });

    it('does not end with what is mirrored', () => {
      court.handsOver(10);
      court.deliver(court.event('1', { isForBot: false }));
      court.says('hm', 11);
      verdict('replyAfterHandover');
    });
  });

  it('finds conversation IDs that nobody has, or an agent', () => {
    court.says('a', 1, { target: 'unknown', conversationId: 'X', isAnswered: false });
    court.says('a', 1, { target: 'agent', conversationId: 'Y', isAnswered: false });
    court.says('a', 1, { target: 'none', conversationId: undefined, isAnswered: false });
    verdict('wrongConversation', 'wrongConversation');
  });

  it('finds slow answers and tokens that are missing or wrong', () => {
    const event = court.event('1', { isForBot: false });
    court.deliver(event, { tookMs: 5001 });
    court.deliver(event, { wasCut: true, isAccepted: false });
    court.deliver(event, { token: 'missing', isAccepted: false });
    court.deliver(event, { token: 'wrong', isAccepted: false });
    court.deliver(event, { tookMs: undefined, token: 'notChecked' });
    verdict('tooSlow', 'tooSlow', 'tokenMissing', 'tokenMissing');
  });

  it('finds posts that are not as documented', () => {
    court.says('a', 1, { problems: ['One.', 'Two.'] });
    verdict('malformed');
    assert.equal(court.judge.violations[0]?.message, 'One. Two.');
  });

  it('forgets violations on request, and keeps the latest thousand', () => {
    for (let n = 0; n < 1001; n++) court.says('a', 1, { problems: [`${n}`], key: `${n}`, target: 'none' });
    assert.equal(court.judge.violations.length, 1000);
    assert.equal(court.judge.violations[0]?.message, '1');
    court.judge.clear();
    verdict();
  });
});
