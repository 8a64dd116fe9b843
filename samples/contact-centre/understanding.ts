import type { TurnContext } from 'botbuilder';

/** What the customer may say at any point, also in the middle of a dialog. */
export type Interruption = 'agent' | 'cancel' | 'help';

/** What the customer may choose from the menu, by its number or in words. */
export type Choice = 'orderStatus' | 'openingHours' | 'agent' | 'greeting' | 'farewell';

/** The menu, in the order of its numbers: text channels show suggested actions as a numbered list. */
export const MENU: readonly { readonly title: string; readonly choice: Choice }[] = [
  { title: 'Order status', choice: 'orderStatus' },
  { title: 'Opening hours', choice: 'openingHours' },
  { title: 'Talk to an agent', choice: 'agent' },
];

const AGENT_WORDS = new Set(['agent', 'human']);
const ORDER_WORDS = new Set(['order', 'parcel', 'delivery', 'track']);
const HOURS_WORDS = new Set(['hours', 'open', 'opening', 'close', 'closing']);
const GREETING_WORDS = new Set(['hi', 'hello', 'hey', 'menu', 'start']);
const FAREWELL_WORDS = new Set(['no', 'thanks', 'thank', 'bye', 'goodbye']);

// Only as the whole message: "cancel my order" is no wish to leave the dialog.
const CANCEL_COMMANDS = new Set(['cancel', 'stop', 'quit', 'start over']);
const HELP_COMMANDS = new Set(['help', 'help me']);

const ORDER_NUMBER = /(?<!\d)\d{6}(?!\d)/;

/** What the customer wrote; empty for a message that has only media. */
export function textOf(context: TurnContext): string {
  return context.activity.text ?? '';
}

export function interruptionOf(text: string): Interruption | undefined {
  const words = wordsOf(text);
  if (words.some((word) => AGENT_WORDS.has(word))) return 'agent';
  const command = words.join(' ');
  if (CANCEL_COMMANDS.has(command)) return 'cancel';
  if (HELP_COMMANDS.has(command)) return 'help';
  return undefined;
}

export function choiceOf(text: string): Choice | undefined {
  const words = wordsOf(text);
  const [first = ''] = words;
  if (words.length === 1 && /^\d+$/.test(first)) return MENU[Number(first) - 1]?.choice;

  const holds = (known: ReadonlySet<string>) => words.some((word) => known.has(word));
  if (holds(ORDER_WORDS)) return 'orderStatus';
  if (holds(HOURS_WORDS)) return 'openingHours';
  if (GREETING_WORDS.has(first)) return 'greeting';
  if (FAREWELL_WORDS.has(first)) return 'farewell';
  return undefined;
}

/** The first number of six digits in a text. */
export function orderNumberIn(text: string): string | undefined {
  return ORDER_NUMBER.exec(text)?.[0];
}

/** Payloads of buttons are texts too, and are written `TRACK_ORDER`: `_` parts words. */
function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
