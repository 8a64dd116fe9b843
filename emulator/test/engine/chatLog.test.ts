import assert from 'node:assert/strict';
import { ChatLog } from '../../src/engine/chatLog';
import type { ChatMessage } from '../../src/world';

const message = (id: string, text = id, author: ChatMessage['author'] = 'bot'): ChatMessage => ({
  id,
  author,
  text,
  agent: undefined,
  media: undefined,
  postback: undefined,
  at: 0,
  conversationId: 'CONV-1',
  receipt: 'none',
});

describe('A chat', () => {
  it('shows the same list until something changes, and never changes one that it has shown', () => {
    const chat = new ChatLog();
    chat.add(message('1'));
    const shown = chat.messages;
    assert.equal(chat.messages, shown);
    chat.add(message('2'));
    assert.equal(shown.length, 1);
    const [first, second] = chat.messages;
    assert.equal(first, shown[0]);
    assert.equal(second?.id, '2');
    const before = chat.messages;
    chat.mark('Read');
    assert.equal(before[0]?.receipt, 'none');
    const marked = chat.messages;
    assert.equal(marked[0]?.receipt, 'Read');
    chat.mark('Read');
    assert.equal(chat.messages, marked);
  });

  it('lets go of its older half when it is long', () => {
    const chat = new ChatLog();
    for (let n = 1; n <= 5000; n++) {
      chat.add(message(`${n}`));
      assert.ok(chat.messages.length <= 2000, `${chat.messages.length} messages`);
      assert.equal(chat.messages.at(-1)?.id, `${n}`);
    }
    assert.ok(chat.messages.length >= 1000, `${chat.messages.length} messages`);
  });

  it('lets go of it when the messages are long', () => {
    const chat = new ChatLog();
    const long = 'x'.repeat(900_000);
    for (let n = 1; n <= 20; n++) {
      chat.add(message(`${n}`, long));
      assert.ok(chat.messages.length <= 2, `${chat.messages.length} messages`);
      assert.equal(chat.messages.at(-1)?.id, `${n}`);
    }
    for (let n = 1; n <= 100; n++) chat.add(message(`short ${n}`, 'short'));
    assert.ok(chat.messages.length >= 100, `${chat.messages.length} messages`);
  });

  it('still tells what came after a message that is gone: everything', () => {
    const chat = new ChatLog();
    chat.add(message('hers', 'hers', 'customer'));
    for (let n = 1; n <= 3000; n++) chat.add(message(`${n}`));
    assert.equal(chat.lastOfCustomer, 'hers');
    assert.deepEqual(chat.after('hers'), chat.messages);
  });
});
