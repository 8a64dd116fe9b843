import assert from 'node:assert/strict';
import { suggestionsIn } from '../../src/engine/suggestions';
import type { ChatMessage } from '../../src/world';

const message = (text: string, author: ChatMessage['author'] = 'bot'): ChatMessage => ({
  id: 'MSG-1',
  author,
  text,
  agent: undefined,
  media: undefined,
  postback: undefined,
  at: 0,
  conversationId: 'CONV-1',
  receipt: 'none',
});

describe('The choices of a message', () => {
  const cases: [text: string, choices: string[]][] = [
    ['Which?\n  1. Orders  \n  2) Opening hours\r\nor something else', ['Orders', 'Opening hours']],
    ['1.no space\n2. second', []],
    ['3. is no list', []],
    ['1. one\n1. one again', []],
    ['', []],
    ['1. ', []],
  ];
  for (const [text, choices] of cases) {
    it(`are ${JSON.stringify(choices)} in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(suggestionsIn(message(text)), choices);
    });
  }

  it("are the bot's", () => {
    assert.deepEqual(suggestionsIn(message('1. one', 'customer')), []);
    assert.deepEqual(suggestionsIn(undefined), []);
  });

  it('are found in a text of a megabyte that is nothing but white space', () => {
    assert.deepEqual(suggestionsIn(message(`1. a${' '.repeat(1_000_000)}b`)).length, 1);
    assert.deepEqual(suggestionsIn(message(' '.repeat(1_000_000))), []);
  });
});
