import { WebexConnectNotFoundError } from '../../../errors';
import { WEBEX_CONNECT_CHANNEL_ID } from '../../../protocol/eventNames';
import { toTranscriptLine } from '../../../protocol/transcript';
import type { HistoryEntry } from '../../../store/history';
import type { StoreReading } from '../../../store/storeView';
import type { Command, CommandContext } from '../command';
import { EXIT, type ExitCode } from '../exitCodes';
import { exactTimeText } from '../output/times';
import { conversationJson, stateOf } from './conversationFacts';
import { entryJson } from './entryJson';
import { type WholeConversation, wholeConversation } from './findConversation';
import { walk } from './listing';
import { lifeOf, lineOf, type SaidEntry, type TimelineEntry } from './timeline';

/** The life of a conversation. */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'the life of a conversation, turn by turn, each attempt',
  details:
    "Takes the id of a conversation with the bot, or of an agent's. Tells what the store still keeps: ended events and\n" +
    'messages go after its retention, a week by default.',
  positionals: { help: '<conversation>', least: 1, most: 1 },
  options: {
    since: {
      type: 'string',
      value: '<time>',
      help: 'only what happened since then: 2026-03-09T14:00Z, or 15m, 2h, 3d ago',
    },
    text: { type: 'boolean', help: 'also what was said, where a transcript is kept (AgentMirrorMiddleware)' },
  },
  run: explain,
};

async function explain({ args, out, clock, openStore }: CommandContext): Promise<ExitCode> {
  const id = args.positional(0);
  const since = args.time('since', clock.now()) ?? Number.NEGATIVE_INFINITY;
  const { reading } = (await openStore()).view;
  const record = await wholeConversation(reading, await reading.findConversation(id));
  const all = await readTimeline(reading, id, record, args.flag('text'));
  if (record === undefined && all.length === 0) {
    throw new WebexConnectNotFoundError(
      `Nothing is known of a conversation '${id}', or it is kept no longer. See webex-connect-bot conversations list.`,
    );
  }
  const entries = all.filter(({ at }) => at >= since);
  if (out.isJson) {
    const conversation = record === undefined ? null : conversationJson(record, false);
    out.json({ conversation, entries: entries.map(entryJson) });
    return EXIT.ok;
  }
  out.line(`Conversation ${record?.conversationId ?? id}: ${record === undefined ? 'bot' : stateOf(record)}`);
  if (entries.length === 0) out.line('Nothing has happened in it.');
  else out.table(['TIME', 'WHAT', 'ID', 'DETAILS'], entries.map(toRow));
  return EXIT.ok;
}

function toRow(entry: TimelineEntry) {
  const { what, id, details } = lineOf(entry);
  return [exactTimeText(entry.at), what, id, details];
}

/** Everything, by its time; what happened at one time in the order in which it is told. */
async function readTimeline(
  reading: StoreReading,
  id: string,
  record: WholeConversation | undefined,
  withText: boolean,
): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = record === undefined ? [] : lifeOf(record);
  // What an agent's conversation has seen before it was tied is kept under its own id.
  for (const one of idsOf(id, record)) {
    for await (const entry of walk((page) => reading.history(one, page), placeOf)) entries.push(entry);
  }
  if (withText)
    for await (const said of readTranscript(reading, record?.conversationId ?? id)) entries.push(said);
  return entries.sort((one, other) => one.at - other.at);
}

function idsOf(id: string, record: WholeConversation | undefined): Set<string> {
  const agents = record?.kind === 'bot' ? record.agentConversations : [];
  return new Set([record?.conversationId ?? id, id, ...agents.map((agent) => agent.id)]);
}

function placeOf({ id }: HistoryEntry): string {
  return id;
}

async function* readTranscript({ transcripts }: StoreReading, id: string): AsyncGenerator<SaidEntry> {
  let token: string | undefined;
  do {
    const page = await transcripts.getTranscriptActivities(WEBEX_CONNECT_CHANNEL_ID, id, token);
    for (const activity of page.items) {
      const line = toTranscriptLine(activity, 0);
      if (line === undefined) continue;
      yield { kind: 'said', at: Date.parse(line.timestamp), author: line.author, text: line.text };
    }
    token = page.continuationToken || undefined;
  } while (token !== undefined);
}
