import type {
  BotConversationRecord,
  ConversationRecord,
  UntiedConversationRecord,
} from '../../../store/conversationRecord';
import { UsageError } from '../args';
import { type Command, type CommandContext, NO_POSITIONALS } from '../command';
import { EXIT, type ExitCode } from '../exitCodes';
import { timeText } from '../output/times';
import { conversationFields, conversationJson, stateOf } from './conversationFacts';
import { findConversation } from './findConversation';
import { LISTING_OPTIONS, type Listing, listMatching } from './listing';
import { exitCodeOf, toResult, withReason } from './outcomes';
import { WAITING_OPTIONS, waitMsOf } from './waiting';

const LIST = 'conversations list';
const STATES = ['bot', 'handingOver', 'agent', 'closed'] as const;

/** The commands about conversations. */
export const conversationCommands: readonly Command[] = [
  {
    name: LIST,
    summary: 'the conversations that are known, in the order of their ids',
    details:
      'Without a ConversationTracker a bot knows only conversations that were handed over or closed, or that agents had\n' +
      'to do with.',
    positionals: NO_POSITIONALS,
    options: {
      state: { type: 'string', value: '<state>', help: `that are in this state: ${STATES.join(', ')}` },
      untied: {
        type: 'boolean',
        help: "agents' conversations that nothing ties to one of the bot's, instead",
      },
      ...LISTING_OPTIONS,
    },
    run: list,
  },
  {
    name: 'conversations show',
    summary: "all that is known of one, by its id or its agent's",
    positionals: { help: '<id>', least: 1, most: 1 },
    options: { text: { type: 'boolean', help: 'also the values of its custom parameters' } },
    run: show,
  },
  {
    name: 'conversations tie',
    summary: "makes an agent's conversation part of one of the bot's",
    details: 'With all that was said in it. It cannot be undone. See conversations list --untied.',
    positionals: { help: '<agent conversation> <bot conversation>', least: 2, most: 2 },
    options: WAITING_OPTIONS,
    run: tie,
  },
];

async function list(context: CommandContext): Promise<ExitCode> {
  const { args, out, openStore } = context;
  const state = args.choice('state', STATES);
  const untied = args.flag('untied');
  if (untied && state !== undefined) throw new UsageError('An untied conversation has no --state.');
  const { reading } = (await openStore()).view;
  const listing = await listMatching(
    args,
    (page) => reading.listConversations(untied ? 'untied' : 'bot', page),
    ({ conversationId }: ConversationRecord) => conversationId,
    (record) => state === undefined || stateOf(record) === state,
  );
  if (out.isJson) {
    const conversations = listing.items.map((record) => conversationJson(record, false));
    out.json({ conversations, next: listing.next ?? null });
    return EXIT.ok;
  }
  tell(context, listing, untied);
  if (listing.next !== undefined) out.note(`There are more: --after ${listing.next}`);
  return EXIT.ok;
}

function tell({ out }: CommandContext, { items }: Listing<ConversationRecord>, untied: boolean): void {
  if (items.length === 0) {
    out.line(untied ? 'No conversation is untied.' : 'No conversations.');
  } else if (untied) {
    out.table(
      ['ID', 'CHANNEL', 'FIRST SEEN', 'LAST SEEN', 'AGENT'],
      items.filter((record) => record.kind === 'untied').map(untiedRow),
    );
  } else {
    out.table(
      ['ID', 'STATE', 'CHANNEL', 'LAST SEEN', 'AGENTS', 'HANDOVERS'],
      items.filter((record) => record.kind === 'bot').map(botRow),
    );
  }
}

function botRow(record: BotConversationRecord) {
  const running = 'handover' in record.phase ? 1 : 0;
  return [
    record.conversationId,
    record.phase.state,
    record.channel ?? '-',
    timeText(record.lastSeenAt),
    record.agentConversations.length,
    record.pastHandovers.length + running,
  ];
}

function untiedRow(record: UntiedConversationRecord) {
  return [
    record.conversationId,
    record.channel ?? '-',
    timeText(record.firstSeenAt),
    timeText(record.lastSeenAt),
    record.firstAgentMessageAt === undefined ? 'has not spoken' : 'has spoken',
  ];
}

async function show({ args, out, openStore }: CommandContext): Promise<ExitCode> {
  const record = await findConversation((await openStore()).view.reading, args.positional(0));
  const withText = args.flag('text');
  if (out.isJson) out.json(conversationJson(record, withText));
  else out.fields(conversationFields(record, withText));
  return EXIT.ok;
}

async function tie({ args, out, signal, openStore }: CommandContext): Promise<ExitCode> {
  const [agentConversationId, botConversationId] = [args.positional(0), args.positional(1)];
  const store = await openStore();
  const terms = { waitMs: waitMsOf(args), signal };
  const [outcome = { status: 'withdrawn' } as const] = await store.carryOut(
    [{ kind: 'tie', agentConversationId, botConversationId }],
    terms,
  );
  const result = withReason(toResult(agentConversationId, outcome, LIST), outcome);
  if (out.isJson) out.json({ results: [result] });
  else if (result.outcome === 'done')
    out.line(`'${agentConversationId}' is part of '${botConversationId}' now.`);
  else out.note(result.message);
  return exitCodeOf([result], true);
}
