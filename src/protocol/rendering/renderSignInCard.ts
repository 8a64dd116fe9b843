import { type CardActionText, signInCardShape } from './cardShapes';
import type { ChoiceNumbers } from './choiceNumbers';
import { joinLines } from './lines';
import { renderActions } from './renderActions';
import { renderLink } from './renderLink';

/**
 * Shows a sign-in or OAuth card: its text, then the sign-in link.
 *
 * An OAuth card may come without a link, since most channels fetch it themselves. Then its token exchange
 * URI is shown if a browser can open it; failing that the text alone, or the button's title if there is no
 * text. The card's `tokenPostResource` is a secret of the channel and never shown.
 *
 * @param content - the attachment's content, of any shape
 * @param numbers - the message's running numbers
 * @returns one block, `''` when nothing in it can be shown
 */
export function renderSignInCard(content: unknown, numbers: ChoiceNumbers): string {
  const { data: card } = signInCardShape.safeParse(content);
  if (card === undefined) return '';

  const usable = card.buttons.filter((button) => !isSignInWithoutLink(button));
  const signInTitle = card.buttons.find(isSignInWithoutLink)?.title ?? '';
  const buttons = renderActions(usable, numbers);
  if (usable.some(isSignIn)) return joinLines([card.text, ...buttons]);

  const { uri } = card.tokenExchangeResource;
  const link = /^https?:/i.test(uri) ? renderLink(signInTitle, uri) : '';
  return joinLines([card.text, link, ...buttons]) || signInTitle;
}

function isSignIn(button: CardActionText): boolean {
  const type = button.type.toLowerCase();
  return type === 'signin' || type === 'openurl';
}

function isSignInWithoutLink(button: CardActionText): boolean {
  return isSignIn(button) && button.value === '';
}
