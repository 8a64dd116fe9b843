import type { CardImageText } from './cardShapes';
import type { ChoiceNumbers } from './choiceNumbers';
import { renderTap } from './renderActions';
import { renderLink } from './renderLink';

/**
 * Shows a card's image as a link, with its `tap` action on the next line.
 *
 * @param image - the image, if there is one
 * @param numbers - the message's running numbers
 * @returns the lines
 */
export function renderImage(image: CardImageText | undefined, numbers: ChoiceNumbers): string[] {
  if (image === undefined) return [];
  return [renderLink(image.alt, image.url), ...renderTap(image.tap, numbers)];
}
