import type { CardActionText } from './cardShapes';
import type { ChoiceNumbers } from './choiceNumbers';
import { labelled } from './lines';
import { renderLink } from './renderLink';

const LINK_TYPES = new Set([
  'openurl',
  'playaudio',
  'playvideo',
  'showimage',
  'downloadfile',
  'signin',
  'openapp',
]);

/**
 * Shows buttons, tap actions or suggested actions, one line each.
 *
 * What opens something becomes `Title: url`, a call `Title: number`; everything else, types still unknown
 * included, becomes a numbered choice that the customer answers with its number or its label.
 *
 * @param actions - the actions, in order; those with nothing to show are left out and take no number
 * @param numbers - the message's running numbers
 * @returns the lines
 */
export function renderActions(actions: readonly CardActionText[], numbers: ChoiceNumbers): string[] {
  return actions.map((action) => renderAction(action, numbers)).filter((line) => line !== '');
}

/**
 * Shows a card's or an image's `tap` action as a line of its own.
 *
 * @param tap - the action, if there is one
 * @param numbers - the message's running numbers
 * @returns one line or none
 */
export function renderTap(tap: CardActionText | undefined, numbers: ChoiceNumbers): string[] {
  return tap === undefined ? [] : renderActions([tap], numbers);
}

function renderAction(action: CardActionText, numbers: ChoiceNumbers): string {
  const type = action.type.toLowerCase();
  if (LINK_TYPES.has(type)) return renderLink(nameOf(action), action.value);
  if (type === 'call') return labelled(nameOf(action), action.value.replace(/^tel:/i, ''));

  const label = action.title || action.value || nameOf(action);
  return label === '' ? '' : numbers.number(label);
}

function nameOf(action: CardActionText): string {
  return action.title || action.text || action.displayText || action.imageAltText;
}
