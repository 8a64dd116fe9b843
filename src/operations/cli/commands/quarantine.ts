import { WebexConnectNotFoundError } from '../../../errors';
import type { QuarantinedItem } from '../../../store/deliveryStore';
import type { Args } from '../args';
import { type Command, type CommandContext, NO_POSITIONALS, type OptionSpecs } from '../command';
import { EXIT, type ExitCode } from '../exitCodes';
import { bodyLines } from '../output/bodyLines';
import { durationText, isoTime, timeText } from '../output/times';
import { type ChangeableKind, changeMany } from './changeMany';
import { LISTING_OPTIONS, listMatching } from './listing';
import { SELECTION_OPTIONS, YES_OPTION } from './selection';
import { WAITING_OPTIONS } from './waiting';

const LIST = 'quarantine list';

const FILTERS = {
  kind: {
    type: 'string',
    value: '<kind>',
    help: "'request': could not be read; 'event': its turn failed every time",
  },
  conversation: { type: 'string', value: '<id>', help: 'events of this conversation alone' },
  reason: { type: 'string', value: '<text>', help: 'whose reason, or whose error, contains this text' },
  since: {
    type: 'string',
    value: '<time>',
    help: 'received since then: 2026-03-09T14:00Z, or 15m, 2h, 3d ago',
  },
  before: { type: 'string', value: '<time>', help: 'received before then' },
} as const satisfies OptionSpecs;

const ITEMS: ChangeableKind<QuarantinedItem> = {
  filters: FILTERS,
  listPage: (reading, page) => reading.listQuarantine(page),
  filterOf,
  things: ['item', 'items'],
  list: LIST,
};

/** The commands about what no bot could make sense of. */
export const quarantineCommands: readonly Command[] = [
  {
    name: LIST,
    summary: 'requests that cannot be read, events whose turn failed every time',
    positionals: NO_POSITIONALS,
    options: { ...FILTERS, ...LISTING_OPTIONS },
    run: list,
  },
  {
    name: 'quarantine show',
    summary: 'all that is known of one',
    positionals: { help: '<id>', least: 1, most: 1 },
    options: { text: { type: 'boolean', help: "also what it holds, and the bot's whole error" } },
    run: show,
  },
  {
    name: 'quarantine replay',
    summary: 'runs the turns of some again',
    details:
      'Each after what waits in its conversation.\n' +
      'A request that could not be read is read again by a running bot, with its options of today. It stays where it is\n' +
      'when it still cannot be read.',
    positionals: { help: '<id…> | --all', least: 0, most: 1000 },
    options: { ...SELECTION_OPTIONS, ...FILTERS, ...WAITING_OPTIONS },
    run: (context) =>
      changeMany(context, ITEMS, { kind: 'replayQuarantined', done: 'replayed', isFinal: false }),
  },
  {
    name: 'quarantine discard',
    summary: 'forgets some',
    positionals: { help: '<id…> | --all --yes', least: 0, most: 1000 },
    options: { ...SELECTION_OPTIONS, ...YES_OPTION, ...FILTERS, ...WAITING_OPTIONS },
    run: (context) =>
      changeMany(context, ITEMS, { kind: 'discardQuarantined', done: 'discarded', isFinal: true }),
  },
];

async function list({ args, out, clock, openStore }: CommandContext): Promise<ExitCode> {
  const matches = filterOf(args, clock.now());
  const { reading } = (await openStore()).view;
  const listing = await listMatching(args, (page) => reading.listQuarantine(page), idOf, matches);
  if (out.isJson) {
    out.json({ quarantine: listing.items.map(toJson), next: listing.next ?? null });
    return EXIT.ok;
  }
  if (listing.items.length === 0) out.line('Nothing in quarantine.');
  else {
    out.table(
      ['ID', 'KIND', 'CONVERSATION', 'RECEIVED', 'REASON'],
      listing.items.map((item) => [
        item.id,
        item.kind,
        conversationOf(item) ?? '-',
        timeText(receivedAtOf(item)),
        item.reason,
      ]),
    );
  }
  if (listing.next !== undefined) out.note(`There are more: --after ${listing.next}`);
  return EXIT.ok;
}

async function show({ args, out, clock, openStore }: CommandContext): Promise<ExitCode> {
  const id = args.positional(0);
  const item = await (await openStore()).view.reading.findQuarantined(id);
  if (item === undefined) {
    throw new WebexConnectNotFoundError(
      `Nothing in quarantine is named '${id}'. See webex-connect-bot ${LIST}.`,
    );
  }
  const withText = args.flag('text');
  const body = item.kind === 'event' ? item.event.payload : item.body;
  if (out.isJson) {
    out.json({ ...toJson(item), ...(withText && { details: item.details ?? null, body }) });
    return EXIT.ok;
  }
  out.fields([
    ['Item', item.id],
    ['Kind', item.kind === 'event' ? 'event whose turn failed every time' : 'request that could not be read'],
    ['Conversation', conversationOf(item) ?? '-'],
    ['Received', `${timeText(receivedAtOf(item))} (${durationText(clock.now() - receivedAtOf(item))} ago)`],
    ['Reason', item.reason],
    ...(withText ? detailsOf(item) : []),
    ...(item.kind === 'event' ? eventFields(item) : []),
  ]);
  if (withText) for (const line of bodyLines(body)) out.line(line);
  return EXIT.ok;
}

function eventFields(item: Extract<QuarantinedItem, { kind: 'event' }>): [string, string | number][] {
  return [
    ['Source', item.event.source],
    ['Attempts', item.attempts],
    ['Quarantined', timeText(item.quarantinedAt)],
  ];
}

function filterOf(args: Args, now: number): (item: QuarantinedItem) => boolean {
  const kind = args.choice('kind', ['request', 'event']);
  const conversation = args.text('conversation');
  const reason = args.text('reason');
  const since = args.time('since', now) ?? Number.NEGATIVE_INFINITY;
  const before = args.time('before', now) ?? Number.POSITIVE_INFINITY;
  return (item) =>
    (kind === undefined || item.kind === kind) &&
    (conversation === undefined || conversationOf(item) === conversation) &&
    (reason === undefined || item.reason.includes(reason) || item.details?.includes(reason) === true) &&
    receivedAtOf(item) >= since &&
    receivedAtOf(item) < before;
}

function idOf({ id }: QuarantinedItem): string {
  return id;
}

function conversationOf(item: QuarantinedItem): string | undefined {
  return item.kind === 'event' ? item.event.conversationId : undefined;
}

function receivedAtOf(item: QuarantinedItem): number {
  return item.kind === 'event' ? item.event.receivedAt : item.receivedAt;
}

/** What an error has said may quote the customer: it is for who asks for the text (I9). */
function detailsOf({ details }: QuarantinedItem): [string, string][] {
  return details === undefined ? [] : [['Error', details]];
}

function toJson(item: QuarantinedItem): object {
  const isEvent = item.kind === 'event';
  return {
    id: item.id,
    kind: item.kind,
    conversationId: conversationOf(item) ?? null,
    reason: item.reason,
    receivedAt: isoTime(receivedAtOf(item)),
    source: isEvent ? item.event.source : null,
    attempts: isEvent ? item.attempts : null,
    quarantinedAt: isoTime(isEvent ? item.quarantinedAt : undefined),
  };
}
