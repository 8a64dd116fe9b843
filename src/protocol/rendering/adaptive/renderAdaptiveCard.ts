import type { ChoiceNumbers } from '../choiceNumbers';
import { joinBlocks, joinLines } from '../lines';
import { ssmlToText } from '../plainText';
import { adaptiveCardShape } from './adaptiveShapes';
import { CardWalk } from './cardWalk';
import { renderAction, renderActions } from './renderAction';
import { renderElements } from './renderElement';

/**
 * Shows an Adaptive Card: its body, its actions, and then, each as a block of its own, the cards behind its
 * `Action.ShowCard`s. A card that has nothing to show falls back on its `fallbackText`, then on `speak`.
 *
 * @param content - the card, of any shape; a malformed one is shown as far as it can be read
 * @param numbers - the message's running numbers
 * @returns one or more blocks, `''` when nothing in it can be shown
 */
export function renderAdaptiveCard(content: unknown, numbers: ChoiceNumbers): string {
  const walk = new CardWalk(numbers);
  const blocks = [renderCard(content, walk, 0)];
  // A shown card may hold further ones: they join the end of this same list while it is walked.
  for (const { title, card, depth } of walk.showCards) {
    blocks.push(joinLines([title, renderCard(card, walk, depth)]));
  }
  return joinBlocks(blocks);
}

function renderCard(content: unknown, walk: CardWalk, depth: number): string {
  const { data: card } = adaptiveCardShape.safeParse(content);
  if (card === undefined || !walk.admits(depth)) return '';

  const shownBefore = walk.showCards.length;
  const lines = joinLines([
    ...renderElements(card.body, walk, depth + 1),
    ...renderAction(card.selectAction, walk, depth + 1),
    ...renderActions(card.actions, walk, depth + 1),
  ]);
  if (lines !== '' || walk.showCards.length > shownBefore) return lines;
  return card.fallbackText || ssmlToText(card.speak);
}
