import { inputShape } from './adaptiveShapes';
import type { CardWalk } from './cardWalk';
import { renderAction } from './renderAction';

/**
 * Shows an `Input.*` of an Adaptive Card as the question it asks: its label, with the placeholder in
 * parentheses, and each choice of an `Input.ChoiceSet` on a line of its own. The choices carry no numbers:
 * they fill in a field, while a number stands for an action that answers the message.
 *
 * @param element - the input, of any shape
 * @param walk - the walk through the card
 * @param depth - the input's level
 * @returns the lines
 */
export function renderInput(element: unknown, walk: CardWalk, depth: number): string[] {
  const { data: input } = inputShape.safeParse(element);
  if (input === undefined) return [];

  const question = [input.label, input.title].filter((text) => text !== '').join(' ');
  return [
    withHint(question, input.placeholder),
    ...input.choices.map((choice) => listEntry(choice.title || choice.value)),
    ...renderAction(input.inlineAction, walk, depth + 1),
  ];
}

function withHint(question: string, placeholder: string): string {
  if (question === '' || placeholder === '') return question || placeholder;
  return `${question} (${placeholder})`;
}

function listEntry(text: string): string {
  return text === '' ? '' : `- ${text}`;
}
