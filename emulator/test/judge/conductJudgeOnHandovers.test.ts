import assert from 'node:assert/strict';
import { ANSWER_LOST, Court, REFUSED } from './support';

describe('The judge', () => {
  let court: Court;
  beforeEach(() => {
    court = new Court();
  });
  const verdict = (...rules: string[]) => assert.deepEqual(court.verdict, rules);

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
