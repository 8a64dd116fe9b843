import assert from 'node:assert/strict';
import { type Attachment, CardFactory } from 'botbuilder';
import { ChoiceNumbers } from '../../../src/protocol/rendering/choiceNumbers';
import { renderAttachment } from '../../../src/protocol/rendering/renderAttachment';
import { renderSignInCard } from '../../../src/protocol/rendering/renderSignInCard';

const url = 'https://login.example/start';

describe('renderSignInCard', () => {
  const cases: [string, Attachment, string][] = [
    [
      'a sign-in card',
      CardFactory.signinCard('Sign in', url, 'Please sign in.'),
      `Please sign in.\nSign in: ${url}`,
    ],
    ['a sign-in card without text', CardFactory.signinCard('Sign in', url), `Sign in: ${url}`],
    [
      'an OAuth card with a link',
      CardFactory.oauthCard('aad', 'Sign in', 'Please.', url),
      `Please.\nSign in: ${url}`,
    ],
    ['an OAuth card without a link', CardFactory.oauthCard('aad', 'Sign in', 'Please.'), 'Please.'],
    ['an OAuth card without link and text', CardFactory.oauthCard('aad', 'Sign in'), 'Sign in'],
    [
      'an OAuth card with a token exchange link',
      CardFactory.oauthCard('aad', 'Sign in', 'Please.', undefined, { uri: url }),
      `Please.\nSign in: ${url}`,
    ],
    [
      'an OAuth card with a token exchange URI that no browser opens, and a secret',
      CardFactory.oauthCard(
        'aad',
        'Sign in',
        'Please.',
        undefined,
        { uri: 'api://bot' },
        { sasUrl: 'https://secret' },
      ),
      'Please.',
    ],
    [
      'an OAuth card with both links',
      CardFactory.oauthCard('aad', 'Sign in', 'Please.', url, { uri: 'https://exchange.example' }),
      `Please.\nSign in: ${url}`,
    ],
  ];
  for (const [name, card, expected] of cases) {
    it(`shows ${name}`, () => assert.equal(renderAttachment(card, new ChoiceNumbers()), expected));
  }

  it('shows no other link beside a button that opens one', () => {
    const buttons = [{ type: 'openUrl', title: 'Sign in', value: url }];
    const card = { text: 'Please.', buttons, tokenExchangeResource: { uri: 'https://exchange.example' } };
    assert.equal(renderSignInCard(card, new ChoiceNumbers()), `Please.\nSign in: ${url}`);
  });

  it('shows a token exchange link without TLS, and none that only holds one', () => {
    const card = (uri: string) => ({ text: 'Please.', tokenExchangeResource: { uri } });
    assert.equal(
      renderSignInCard(card('http://x.example'), new ChoiceNumbers()),
      'Please.\nhttp://x.example',
    );
    assert.equal(renderSignInCard(card('api://bot?https:'), new ChoiceNumbers()), 'Please.');
  });

  it('shows nothing of an empty card', () => {
    assert.equal(renderSignInCard({}, new ChoiceNumbers()), '');
  });

  it('shows other buttons too', () => {
    const card = { text: 'Please.', buttons: [{ type: 'signin', title: 'Sign in' }, 'Not now'] };
    assert.equal(renderSignInCard(card, new ChoiceNumbers()), 'Please.\n1. Not now');
  });

  it('shows nothing of what is no card', () => {
    assert.equal(renderSignInCard(3, new ChoiceNumbers()), '');
  });
});
