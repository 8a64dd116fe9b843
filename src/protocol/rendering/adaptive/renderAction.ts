import { renderLink } from '../renderLink';
import { actionShape } from './adaptiveShapes';
import type { CardWalk } from './cardWalk';

/**
 * Shows the actions of an Adaptive Card, one line each.
 *
 * @param actions - the actions, of any shape
 * @param walk - the walk through the card
 * @param depth - the actions' level
 * @returns the lines
 */
export function renderActions(actions: readonly unknown[], walk: CardWalk, depth: number): string[] {
  return actions.flatMap((action) => renderAction(action, walk, depth));
}

/**
 * Shows one action of an Adaptive Card.
 *
 * `Action.OpenUrl` becomes a link. `Action.ShowCard` shows nothing here: its card follows later, under its
 * title. `Action.ToggleVisibility` does nothing that a text could do, so it shows nothing. `Action.Submit`,
 * `Action.Execute` and unknown types become a numbered choice; an unknown one may bring its own fallback.
 *
 * @param action - the action, of any shape; `undefined` shows nothing
 * @param walk - the walk through the card
 * @param depth - the action's level
 * @returns the lines
 */
export function renderAction(action: unknown, walk: CardWalk, depth: number): string[] {
  const { data: parsed } = actionShape.safeParse(action);
  if (parsed === undefined || !walk.admits(depth)) return [];

  const label = parsed.title || parsed.tooltip;
  switch (parsed.type.toLowerCase()) {
    case 'action.openurl':
      return [renderLink(label, parsed.url)];
    case 'action.showcard':
      walk.showCards.push({ title: label, card: parsed.card, depth: depth + 1 });
      return [];
    case 'action.togglevisibility':
      return [];
    case 'action.submit':
    case 'action.execute':
      return renderChoice(label, walk);
  }
  if (parsed.fallback === 'drop') return [];
  const fallback = renderAction(parsed.fallback, walk, depth + 1);
  return fallback.length > 0 ? fallback : renderUnknown(label, parsed.url, walk);
}

function renderUnknown(label: string, url: string, walk: CardWalk): string[] {
  return url === '' ? renderChoice(label, walk) : [renderLink(label, url)];
}

function renderChoice(label: string, walk: CardWalk): string[] {
  return label === '' ? [] : [walk.numbers.number(label)];
}
