import { richCardShape } from './cardShapes';
import type { ChoiceNumbers } from './choiceNumbers';
import { joinLines } from './lines';
import { renderActions, renderTap } from './renderActions';
import { renderImage } from './renderImage';

/**
 * Shows a hero or thumbnail card: title, subtitle, text, image links, tap action, buttons.
 *
 * @param content - the attachment's content, of any shape
 * @param numbers - the message's running numbers
 * @returns one block, `''` when nothing in it can be shown
 */
export function renderRichCard(content: unknown, numbers: ChoiceNumbers): string {
  const { data: card } = richCardShape.safeParse(content);
  if (card === undefined) return '';

  return joinLines([
    card.title,
    card.subtitle,
    card.text,
    ...card.images.flatMap((image) => renderImage(image, numbers)),
    ...renderTap(card.tap, numbers),
    ...renderActions(card.buttons, numbers),
  ]);
}
