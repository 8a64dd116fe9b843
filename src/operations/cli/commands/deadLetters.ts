import { WebexConnectNotFoundError } from '../../../errors';
import type { DeadLetter } from '../../../store/deliveryStore';
import type { Args } from '../args';
import { type Command, type CommandContext, NO_POSITIONALS, type OptionSpecs } from '../command';
import { EXIT, type ExitCode } from '../exitCodes';
import { bodyLines } from '../output/bodyLines';
import { durationText, isoTime, timeText } from '../output/times';
import { type ChangeableKind, changeMany } from './changeMany';
import { LISTING_OPTIONS, listMatching } from './listing';
import { SELECTION_OPTIONS, YES_OPTION } from './selection';
import { WAITING_OPTIONS } from './waiting';

const LIST = 'dead-letters list';

const FILTERS = {
  conversation: { type: 'string', value: '<id>', help: 'of this conversation alone' },
  destination: { type: 'string', value: '<name>', help: "to this destination alone, such as 'webhook'" },
  reason: { type: 'string', value: '<text>', help: 'whose reason contains this text' },
  since: {
    type: 'string',
    value: '<time>',
    help: 'that died since then: 2026-03-09T14:00Z, or 15m, 2h, 3d ago',
  },
  before: { type: 'string', value: '<time>', help: 'that died before then' },
} as const satisfies OptionSpecs;

const LETTERS: ChangeableKind<DeadLetter> = {
  filters: FILTERS,
  listPage: (reading, page) => reading.listDeadLetters(page),
  filterOf,
  things: ['dead letter', 'dead letters'],
  list: LIST,
};

/** The commands about messages that were given up. */
export const deadLetterCommands: readonly Command[] = [
  {
    name: LIST,
    summary: 'the messages that were given up, oldest first',
    positionals: NO_POSITIONALS,
    options: { ...FILTERS, ...LISTING_OPTIONS },
    run: list,
  },
  {
    name: 'dead-letters show',
    summary: 'all that is known of one',
    positionals: { help: '<id>', least: 1, most: 1 },
    options: { text: { type: 'boolean', help: 'also what it says' } },
    run: show,
  },
  {
    name: 'dead-letters replay',
    summary: 'sends some again, each after what waits in its conversation',
    details:
      'A handover is not replayed, for the conversation went on without it; nor is what the bot would say while an\n' +
      'agent has the conversation.',
    positionals: { help: '<id…> | --all', least: 0, most: 1000 },
    options: { ...SELECTION_OPTIONS, ...FILTERS, ...WAITING_OPTIONS },
    run: (context) =>
      changeMany(context, LETTERS, { kind: 'replayDeadLetter', done: 'replayed', isFinal: false }),
  },
  {
    name: 'dead-letters discard',
    summary: 'forgets some',
    positionals: { help: '<id…> | --all --yes', least: 0, most: 1000 },
    options: { ...SELECTION_OPTIONS, ...YES_OPTION, ...FILTERS, ...WAITING_OPTIONS },
    run: (context) =>
      changeMany(context, LETTERS, { kind: 'discardDeadLetter', done: 'discarded', isFinal: true }),
  },
];

async function list({ args, out, clock, openStore }: CommandContext): Promise<ExitCode> {
  const matches = filterOf(args, clock.now());
  const { reading } = (await openStore()).view;
  const listing = await listMatching(args, (page) => reading.listDeadLetters(page), idOf, matches);
  if (out.isJson) {
    out.json({ deadLetters: listing.items.map(toJson), next: listing.next ?? null });
    return EXIT.ok;
  }
  if (listing.items.length === 0) out.line('No dead letters.');
  else {
    out.table(
      ['ID', 'CONVERSATION', 'TO', 'DIED', 'ATTEMPTS', 'REASON'],
      listing.items.map((letter) => [
        letter.id,
        letter.conversationId,
        nameOf(letter),
        timeText(letter.diedAt),
        letter.attempts,
        letter.reason,
      ]),
    );
  }
  if (listing.next !== undefined) out.note(`There are more: --after ${listing.next}`);
  return EXIT.ok;
}

async function show({ args, out, clock, openStore }: CommandContext): Promise<ExitCode> {
  const id = args.positional(0);
  const letter = await (await openStore()).view.reading.findDeadLetter(id);
  if (letter === undefined) {
    throw new WebexConnectNotFoundError(`There is no dead letter '${id}'. See webex-connect-bot ${LIST}.`);
  }
  const withText = args.flag('text');
  if (out.isJson) {
    out.json({ ...toJson(letter), ...(withText && { body: letter.body }) });
    return EXIT.ok;
  }
  out.fields([
    ['Dead letter', letter.id],
    ['Activity', letter.activityId],
    ['Conversation', letter.conversationId],
    ['To', nameOf(letter)],
    ['Staged', timeText(letter.stagedAt)],
    ['Died', `${timeText(letter.diedAt)} (${durationText(clock.now() - letter.diedAt)} ago)`],
    ['Attempts', letter.attempts],
    ['May have arrived', arrivalOf(letter)],
    ['Reason', letter.reason],
  ]);
  if (withText) for (const line of bodyLines(letter.body)) out.line(line);
  return EXIT.ok;
}

function filterOf(args: Args, now: number): (letter: DeadLetter) => boolean {
  const conversation = args.text('conversation');
  const destination = args.text('destination');
  const reason = args.text('reason');
  const since = args.time('since', now) ?? Number.NEGATIVE_INFINITY;
  const before = args.time('before', now) ?? Number.POSITIVE_INFINITY;
  return (letter) =>
    (conversation === undefined || letter.conversationId === conversation) &&
    (destination === undefined || letter.destination === destination) &&
    (reason === undefined || letter.reason.includes(reason)) &&
    letter.diedAt >= since &&
    letter.diedAt < before;
}

/** Of some attempts nobody knows whether the bytes arrived (I7). */
function arrivalOf({ ambiguousAttempts: count }: DeadLetter): string {
  if (count === 0) return 'no';
  return `perhaps: of ${count} ${count === 1 ? 'attempt' : 'attempts'} the outcome is unknown`;
}

function idOf({ id }: DeadLetter): string {
  return id;
}

/** What tells a handover apart: it cannot be replayed. */
function nameOf({ destination, role }: DeadLetter): string {
  return role === 'message'
    ? destination
    : `${destination} (${role === 'handover' ? 'handover' : 'handover copy'})`;
}

function toJson(letter: DeadLetter): object {
  const { id, activityId, conversationId, destination, role, attempts, ambiguousAttempts, reason } = letter;
  return {
    id,
    activityId,
    conversationId,
    destination,
    role,
    attempts,
    ambiguousAttempts,
    reason,
    stagedAt: isoTime(letter.stagedAt),
    diedAt: isoTime(letter.diedAt),
  };
}
