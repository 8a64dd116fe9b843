import assert from 'node:assert/strict';
import { assertActivity, assertReplies } from '../../src/testing';

describe('the assertions', () => {
  it('look at the expected fields of an activity alone', () => {
    const activity = { type: 'message', text: 'hi', channelData: { a: 1, b: { c: 2 } } };
    assertActivity(activity, { type: 'message', channelData: { b: { c: 2 } } });
    assert.throws(() => assertActivity(activity, { text: 'ho' }), /activity\.text differs/);
    assert.throws(
      () => assertActivity(activity, { channelData: { b: { c: 3 } } }),
      /activity\.channelData\.b\.c differs/,
    );
    assert.throws(
      () => assertActivity(activity, { from: { id: 'x', name: '' } }),
      /activity\.from is not there/,
    );
  });

  it('look at every reply, or those of one conversation', () => {
    const reply = (conversation_id: string, message: string) => ({
      eventid: '1001',
      conversation_id,
      message,
      Timestamp: '',
    });
    const webex = { replies: [reply('A', '1'), reply('B', '2'), reply('A', '3')] };
    assertReplies(webex, ['1', '2', '3']);
    assertReplies(webex, ['1', '3'], 'A');
    assert.throws(() => assertReplies(webex, ['1']));
    assert.throws(() => assertReplies(webex, ['3', '1'], 'A'));
  });
});
