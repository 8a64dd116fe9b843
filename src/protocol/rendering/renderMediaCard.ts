import { mediaCardShape } from './cardShapes';
import type { ChoiceNumbers } from './choiceNumbers';
import { joinLines } from './lines';
import { renderActions } from './renderActions';
import { renderImage } from './renderImage';
import { renderLink } from './renderLink';

/**
 * Shows an animation, audio or video card: title, subtitle, text, media links, image link, buttons.
 *
 * @param content - the attachment's content, of any shape
 * @param numbers - the message's running numbers
 * @returns one block, `''` when nothing in it can be shown
 */
export function renderMediaCard(content: unknown, numbers: ChoiceNumbers): string {
  const { data: card } = mediaCardShape.safeParse(content);
  if (card === undefined) return '';

  return joinLines([
    card.title,
    card.subtitle,
    card.text,
    ...card.media.map((media) => renderLink('', media.url)),
    ...renderImage(card.image, numbers),
    ...renderActions(card.buttons, numbers),
  ]);
}
