import assert from 'node:assert/strict';
import { ActionTypes, CardFactory, MessageFactory } from 'botbuilder';
import { renderMessage } from '../../../src/protocol/rendering';
import { ChoiceNumbers } from '../../../src/protocol/rendering/choiceNumbers';
import { renderRichCard } from '../../../src/protocol/rendering/renderRichCard';

describe('renderRichCard', () => {
  for (const build of [CardFactory.heroCard, CardFactory.thumbnailCard]) {
    it(`shows all of a ${build.name}`, () => {
      const card = build(
        'White T-Shirt',
        'Pure cotton',
        [{ url: 'https://x.example/a.jpg', alt: 'Front' }, { url: 'https://x.example/b.jpg' }],
        [
          { type: ActionTypes.OpenUrl, title: 'Details', value: 'https://x.example/shirt' },
          { type: ActionTypes.ImBack, title: 'Buy', value: 'buy' },
          { type: ActionTypes.Call, title: 'Ask', value: 'tel:+15551234' },
        ],
        {
          subtitle: 'Summer',
          tap: { type: ActionTypes.OpenUrl, title: 'Shop', value: 'https://x.example/shop' },
        },
      );
      assert.equal(
        renderMessage(MessageFactory.attachment(card, 'Look:')),
        [
          'Look:',
          '',
          'White T-Shirt',
          'Summer',
          'Pure cotton',
          'Front: https://x.example/a.jpg',
          'https://x.example/b.jpg',
          'Shop: https://x.example/shop',
          'Details: https://x.example/shirt',
          '1. Buy',
          'Ask: +15551234',
        ].join('\n'),
      );
    });
  }

  it('shows where an image leads', () => {
    const tap = { type: ActionTypes.OpenUrl, title: 'Zoom', value: 'https://x.example/zoom' };
    const card = { images: [{ url: 'https://x.example/a.jpg', tap }, 'https://x.example/b.jpg'] };
    assert.equal(
      renderRichCard(card, new ChoiceNumbers()),
      'https://x.example/a.jpg\nZoom: https://x.example/zoom\nhttps://x.example/b.jpg',
    );
  });

  it('shows an embedded image by its name', () => {
    const card = { title: 'Logo', images: [{ url: 'data:image/png;base64,AAAA', alt: 'Acme' }] };
    assert.equal(renderRichCard(card, new ChoiceNumbers()), 'Logo\nAcme (attachment)');
  });

  it('shows the rest of a card with malformed fields', () => {
    const card = {
      title: { a: 1 },
      subtitle: 7,
      text: 'Text',
      images: 'none',
      buttons: [null, 3, 'Buy'],
      tap: 9,
    };
    assert.equal(renderRichCard(card, new ChoiceNumbers()), '7\nText\n1. Buy');
  });

  it('shows nothing of what is no card', () => {
    assert.deepEqual(
      [null, 'card', 5].map((content) => renderRichCard(content, new ChoiceNumbers())),
      ['', '', ''],
    );
  });
});
