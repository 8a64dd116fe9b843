import assert from 'node:assert/strict';
import { CardFactory } from 'botbuilder';
import { ChoiceNumbers } from '../../../src/protocol/rendering/choiceNumbers';
import { renderAttachment } from '../../../src/protocol/rendering/renderAttachment';

const url = 'https://x.example/a';
const dataUri = `data:image/png;base64,${'A'.repeat(10_000)}`;

describe('renderAttachment', () => {
  const cases: [string, unknown, string][] = [
    ['an image with a name', { contentType: 'image/png', contentUrl: url, name: 'a.png' }, `a.png: ${url}`],
    ['audio without a name', { contentType: 'audio/mp3', contentUrl: url }, url],
    ['a video', { contentType: 'video/mp4', contentUrl: url, name: 'Tour' }, `Tour: ${url}`],
    [
      'a file of unknown type',
      { contentType: 'application/x-thing', contentUrl: url, name: 'b' },
      `b: ${url}`,
    ],
    ['a file named after its URL', { contentType: 'image/png', contentUrl: url, name: url }, url],
    ['a thumbnail alone', { contentType: 'image/png', thumbnailUrl: url }, url],
    ['a data URI', { contentType: 'image/png', contentUrl: dataUri, name: 'a.png' }, 'a.png (attachment)'],
    [
      'a data URI without a name',
      { contentType: 'image/png', contentUrl: dataUri },
      'image/png (attachment)',
    ],
    ['a data URI in capitals alone', { contentUrl: ' DATA:,x' }, '(attachment)'],
    ['an unknown type with a name', { contentType: 'application/x-thing', name: 'a.bin' }, '[a.bin]'],
    [
      'an unknown type',
      { contentType: 'application/vnd.acme.map', content: { text: 'no' } },
      '[application/vnd.acme.map]',
    ],
    ['nothing at all', {}, '[attachment]'],
    ['text', { contentType: 'text/plain', content: ' Hello\nthere ' }, 'Hello\nthere'],
    ['text that is none', { contentType: 'text/plain', content: { a: 1 } }, '[text/plain]'],
    [
      'a card whose type is in capitals',
      { ...CardFactory.heroCard('Red'), contentType: 'Application/Vnd.Microsoft.Card.Hero' },
      'Red',
    ],
    [
      'a card without content',
      { contentType: CardFactory.contentTypes.heroCard },
      '[application/vnd.microsoft.card.hero]',
    ],
    [
      'an empty card with a name',
      { contentType: CardFactory.contentTypes.videoCard, content: {}, name: 'Tour' },
      '[Tour]',
    ],
    ['a card given by URL', { contentType: CardFactory.contentTypes.heroCard, contentUrl: url }, url],
    [
      'an Office 365 connector card',
      {
        contentType: CardFactory.contentTypes.o365ConnectorCard,
        content: { title: 'Build', text: 'failed' },
      },
      'Build\nfailed',
    ],
    [
      'a text of another type by its name',
      { contentType: 'application/json', content: '{"a":1}', name: 'a.json' },
      '[a.json]',
    ],
    ['a link that names data', { contentType: 'image/png', contentUrl: `${url}?data:` }, `${url}?data:`],
    ['what is no attachment', null, ''],
  ];
  for (const [name, attachment, expected] of cases) {
    it(name, () => assert.equal(renderAttachment(attachment, new ChoiceNumbers()), expected));
  }

  it('has a renderer for every card of botbuilder', () => {
    for (const contentType of Object.values(CardFactory.contentTypes)) {
      const content = { title: 'Shown', text: 'Shown', body: [{ type: 'TextBlock', text: 'Shown' }] };
      assert.match(renderAttachment({ contentType, content }, new ChoiceNumbers()), /^Shown/);
    }
  });
});
