import type { Clock } from '../../../clock';
import { StoreUnavailableError } from '../../../errors';
import type { ActivityEntry } from '../../../store/history';
import type { StoreReading } from '../../../store/storeView';
import { type Command, type CommandContext, NO_POSITIONALS } from '../command';
import { EXIT, type ExitCode } from '../exitCodes';
import type { Output } from '../output/output';
import { exactTimeText } from '../output/times';
import { entryJson } from './entryJson';
import { wholeConversation } from './findConversation';
import { lineOf } from './timeline';

const LOOK_MS = 500;
const AT_A_TIME = 500;
const DEFAULT_LINES = 10;

/** Follows what happens. */
export const tailCommand: Command = {
  name: 'tail',
  summary: 'follows what happens, one line per thing, until Ctrl-C',
  details: 'With --json each line is a JSON object of its own (NDJSON).',
  positionals: NO_POSITIONALS,
  options: {
    conversation: {
      type: 'string',
      value: '<id>',
      help: "in this conversation alone, or in that of an agent's",
    },
    lines: {
      type: 'string',
      value: '<n>',
      help: `begins with the latest so many; ${DEFAULT_LINES} by default`,
    },
  },
  run: tail,
};

async function tail({ args, out, clock, signal, openStore }: CommandContext): Promise<ExitCode> {
  const conversation = args.text('conversation');
  const lines = args.integer('lines', 0, 10_000) ?? DEFAULT_LINES;
  const { reading } = (await openStore()).view;
  const isMeant = await filterOf(reading, conversation);
  // Of one conversation among many, the latest lines lie further back.
  const first = await reading.activity(undefined, conversation === undefined ? lines : AT_A_TIME);
  const meant = first.entries.filter(isMeant);
  for (const entry of meant.slice(Math.max(meant.length - lines, 0))) tell(out, entry);
  const follower = new Follower(reading, first.cursor, out);
  while (!signal.aborted) {
    const entries = await follower.next();
    for (const entry of entries.filter(isMeant)) tell(out, entry);
    if (entries.length === 0) await pause(clock, signal);
  }
  return EXIT.ok;
}

/** Reads on and on. A store that is away comes back, as it does for the bot. */
class Follower {
  readonly #reading: StoreReading;
  readonly #out: Output;
  #cursor: string;
  #isAway = false;

  constructor(reading: StoreReading, cursor: string, out: Output) {
    this.#reading = reading;
    this.#cursor = cursor;
    this.#out = out;
  }

  /** What has happened since; nothing while the store is away. */
  async next(): Promise<readonly ActivityEntry[]> {
    try {
      const { entries, cursor } = await this.#reading.activity(this.#cursor, AT_A_TIME);
      if (this.#isAway) this.#out.note('The store answers again.');
      this.#isAway = false;
      this.#cursor = cursor;
      return entries;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      if (!this.#isAway) this.#out.note(error.message);
      this.#isAway = true;
      return [];
    }
  }
}

/** Until the next look, or Ctrl-C. */
function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      timer.cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.setTimer(LOOK_MS, end);
    signal.addEventListener('abort', end);
  });
}

async function filterOf(
  reading: StoreReading,
  conversation: string | undefined,
): Promise<(entry: ActivityEntry) => boolean> {
  if (conversation === undefined) return () => true;
  const record = await wholeConversation(reading, await reading.findConversation(conversation));
  const agents = record?.kind === 'bot' ? record.agentConversations.map(({ id }) => id) : [];
  const ids = new Set([conversation, ...(record === undefined ? [] : [record.conversationId]), ...agents]);
  return (entry) => 'conversationId' in entry && ids.has(entry.conversationId);
}

function tell(out: Output, entry: ActivityEntry): void {
  if (out.isJson) {
    out.jsonLine(entryJson(entry));
    return;
  }
  const { what, id, details } = lineOf(entry);
  const where = 'conversationId' in entry ? entry.conversationId : '-';
  out.line({ text: exactTimeText(entry.at), tone: 'faint' }, `  ${where}  ${what} ${id}  `, details);
}
