import { z } from 'zod';
import type { ChatMessage } from '../../world';
import { DURATION, millisecondsOf } from '../duration';
import type { Stage } from '../stage';
import { StepFailure } from '../stepFailure';
import { type StepKind, stepKind } from '../stepKind';
import { describeMatch, isMatch, TEXT_MATCH, type TextMatch } from '../textMatch';
import { MEDIA_URL, RECEIPT } from '../vocabulary';

const NAME = z.string().min(1);
const AUTHOR = z.enum(['bot', 'agent']);

const CHAT_LINE = z.union(
  [
    z.strictObject({ customer: TEXT_MATCH }),
    z.strictObject({ bot: TEXT_MATCH }),
    z.strictObject({ agent: TEXT_MATCH }),
  ],
  { error: "must be { customer: '…' }, { bot: '…' } or { agent: '…' }" },
);

type ChatLine = z.infer<typeof CHAT_LINE>;

export const CUSTOMER_STEPS: readonly StepKind[] = [
  stepKind(
    ['customer', 'says'],
    z.strictObject({ customer: NAME, says: z.string().min(1) }),
    ({ customer, says }) => ({
      title: `${customer} says ${JSON.stringify(says)}`,
      run: (stage) => stage.customer(customer).says(says),
    }),
  ),
  stepKind(
    ['customer', 'taps'],
    z.strictObject({ customer: NAME, taps: z.string().min(1) }),
    ({ customer, taps }) => ({
      title: `${customer} taps ${taps}`,
      run: (stage) => stage.customer(customer).taps(taps),
    }),
  ),
  stepKind(
    ['customer', 'sends'],
    z.strictObject({ customer: NAME, sends: MEDIA_URL, text: z.string().optional() }),
    ({ customer, sends, text }) => ({
      title: `${customer} sends ${sends}`,
      run: (stage) => stage.customer(customer).sends(sends, text),
    }),
  ),
  stepKind(
    ['customer', 'acknowledges'],
    z.strictObject({ customer: NAME, acknowledges: RECEIPT }),
    ({ customer, acknowledges }) => ({
      title: `${customer}'s phone acknowledges: ${acknowledges}`,
      run: (stage) => stage.customer(customer).acknowledges(acknowledges),
    }),
  ),
  stepKind(
    ['customer', 'reads'],
    z.strictObject({
      customer: NAME,
      reads: TEXT_MATCH,
      from: AUTHOR.default('bot'),
      within: DURATION.optional(),
    }),
    ({ customer, reads, from, within }) => ({
      title: `${customer} reads ${describeMatch(reads)}, written by the ${from}`,
      run: (stage) =>
        stage.until(
          () => readOn(stage, customer, from, reads),
          within === undefined ? undefined : millisecondsOf(within),
        ),
    }),
  ),
  stepKind(
    ['customer', 'sees'],
    z.strictObject({ customer: NAME, sees: z.array(CHAT_LINE), within: DURATION.optional() }),
    ({ customer, sees, within }) => ({
      title: `${customer} sees a chat of ${sees.length} messages`,
      run: (stage) =>
        stage.until(
          () => compareChat(stage.view(customer).chat, sees),
          within === undefined ? undefined : millisecondsOf(within),
        ),
    }),
  ),
];

/** Reads on after what was read last. @returns The problem, until a message matches. */
function readOn(
  stage: Stage,
  name: string,
  author: ChatMessage['author'],
  expected: TextMatch,
): string | undefined {
  const { chat } = stage.view(name);
  const lastRead = stage.lastRead(name);
  const start = chat.findIndex(({ id }) => id === lastRead) + 1;
  const unread = chat.slice(start).filter((message) => message.author === author);
  const match = unread.find(({ text }) => isMatch(expected, text));
  if (match === undefined) {
    const shown = unread.map(({ text }) => JSON.stringify(text)).join(', ');
    return `${name} was to read ${describeMatch(expected)}, but read ${shown === '' ? 'nothing' : shown}.`;
  }
  stage.hasRead(name, match.id);
  return undefined;
}

function compareChat(chat: readonly ChatMessage[], expected: readonly ChatLine[]): string | undefined {
  const isSame =
    chat.length === expected.length &&
    chat.every(({ author, text }, index) => {
      const [wantedAuthor, wantedText] = partsOf(expected[index]);
      return author === wantedAuthor && wantedText !== undefined && isMatch(wantedText, text);
    });
  if (isSame) return undefined;
  const shown = chat.map(({ author, text }) => `  ${author}: ${JSON.stringify(text)}`).join('\n');
  const wanted = expected.map(describeLine).join('\n');
  return `The chat was to be\n${wanted}\nbut is\n${shown}`;
}

function describeLine(line: ChatLine): string {
  const [author, text] = partsOf(line);
  if (text === undefined) throw new StepFailure('A line of a chat has an author.');
  return `  ${author}: ${describeMatch(text)}`;
}

function partsOf(line: ChatLine | undefined): [ChatMessage['author'] | undefined, TextMatch | undefined] {
  if (line === undefined) return [undefined, undefined];
  if ('customer' in line) return ['customer', line.customer];
  if ('bot' in line) return ['bot', line.bot];
  return ['agent', line.agent];
}
