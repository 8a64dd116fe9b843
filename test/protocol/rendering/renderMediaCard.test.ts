import assert from 'node:assert/strict';
import { ActionTypes, CardFactory } from 'botbuilder';
import { ChoiceNumbers } from '../../../src/protocol/rendering/choiceNumbers';
import { renderAttachment } from '../../../src/protocol/rendering/renderAttachment';
import { renderMediaCard } from '../../../src/protocol/rendering/renderMediaCard';

describe('renderMediaCard', () => {
  for (const build of [CardFactory.animationCard, CardFactory.audioCard, CardFactory.videoCard]) {
    it(`shows all of an ${build.name}`, () => {
      const card = build(
        'Tour',
        [{ url: 'https://x.example/a.mp4', profile: 'hd' }, { url: 'https://x.example/b.mp4' }],
        [{ type: ActionTypes.ImBack, title: 'Again', value: 'again' }],
        {
          subtitle: 'The house',
          text: 'Two minutes',
          image: { url: 'https://x.example/a.png', alt: 'Still' },
        },
      );
      assert.equal(
        renderAttachment(card, new ChoiceNumbers()),
        [
          'Tour',
          'The house',
          'Two minutes',
          'https://x.example/a.mp4',
          'https://x.example/b.mp4',
          'Still: https://x.example/a.png',
          '1. Again',
        ].join('\n'),
      );
    });
  }

  it('shows embedded media as an attachment', () => {
    const card = { title: 'Tune', media: [{ url: 'data:audio/mp3;base64,AAAA' }, null] };
    assert.equal(renderMediaCard(card, new ChoiceNumbers()), 'Tune\n(attachment)');
  });

  it('shows nothing of what is no card', () => {
    assert.equal(renderMediaCard(undefined, new ChoiceNumbers()), '');
  });
});
