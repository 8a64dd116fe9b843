import { z } from 'zod';
import { OPAQUE_MEDIA_CONTENT_TYPE } from './attachments';

/** Who said something. */
export type TranscriptAuthor = 'customer' | 'bot' | 'agent';

/** One thing that was said. */
export interface TranscriptLine {
  readonly author: TranscriptAuthor;
  readonly text: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
}

const time = z
  .union([z.date(), z.string().transform((text) => new Date(text))])
  .refine((date) => !Number.isNaN(date.getTime()));

const attachment = z.looseObject({
  contentType: z.string().catch(''),
  contentUrl: z.string().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
});

const account = z
  .looseObject({ role: z.string().optional().catch(undefined) })
  .optional()
  .catch(undefined);

/** What of an activity is worth a line. Every other field may be anything. */
const spoken = z.looseObject({
  type: z.literal('message'),
  text: z.string().catch(''),
  timestamp: time.optional().catch(undefined),
  attachments: z.array(z.unknown()).catch([]),
  from: account,
  recipient: account,
  channelData: z
    .looseObject({ webexConnect: z.looseObject({ author: z.enum(['customer', 'bot', 'agent']) }) })
    .optional()
    .catch(undefined),
});

type Spoken = z.output<typeof spoken>;
type SpokenAttachment = z.output<typeof attachment>;

/**
 * Reads one activity of a transcript: this package's own, or one that botbuilder's `TranscriptLoggerMiddleware` has
 * logged, as it is or from its JSON. An attachment is named in brackets. Pure.
 *
 * @param fallbackTime Milliseconds since the epoch: the time of an activity without one.
 * @returns `undefined` for what is no message, or one that says nothing.
 */
export function toTranscriptLine(activity: unknown, fallbackTime: number): TranscriptLine | undefined {
  const said = spoken.safeParse(activity).data;
  if (said === undefined) return undefined;
  const text = [said.text, ...said.attachments.map(placeholderOf)].filter((part) => part !== '').join(' ');
  if (text === '') return undefined;
  return {
    author: authorOf(said),
    text,
    timestamp: (said.timestamp ?? new Date(fallbackTime)).toISOString(),
  };
}

/** Only this package tells an agent from the bot: Bot Framework knows no third side. */
function authorOf({ channelData, from, recipient }: Spoken): TranscriptAuthor {
  if (channelData !== undefined) return channelData.webexConnect.author;
  // The logger gives the customer a role, and leaves a bot without one as it is.
  const isBots = from?.role === 'bot' || (from?.role === undefined && recipient?.role === 'user');
  return isBots ? 'bot' : 'customer';
}

function placeholderOf(value: unknown): string {
  const shown = attachment.safeParse(value).data;
  if (shown === undefined) return '';
  const name = (shown.name ?? fileNameOf(shown.contentUrl)).replace(LINE_BREAKS, ' ').trim();
  return name === '' ? `[${kindOf(shown)}]` : `[${kindOf(shown)}: ${name}]`;
}

function kindOf({ contentType }: SpokenAttachment): string {
  const type = contentType.toLowerCase();
  if (type === OPAQUE_MEDIA_CONTENT_TYPE) return 'attachment';
  if (type.includes('.card.')) return 'card';
  return /^(image|audio|video)\//.exec(type)?.[1] ?? 'file';
}

/** The last part of the path, without the query, which may hold a token. */
function fileNameOf(url: string | undefined): string {
  if (url === undefined || !/^https?:/i.test(url) || !URL.canParse(url)) return '';
  const name = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Everything that a viewer of texts may take for the end of a line. */
const LINE_BREAKS = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;

/**
 * `customer: Where is my order?`. Further lines of a text are indented: nobody can write a line that looks as if
 * somebody else had said it.
 */
export function readableLine({ author, text }: TranscriptLine): string {
  return `${author}: ${text.replace(LINE_BREAKS, '\n  ')}`;
}

/** A transcript to be read by people: one line for each thing that was said, with its time. Pages can be joined. */
export function toReadableText(lines: readonly TranscriptLine[]): string {
  return lines.map((line) => `${line.timestamp} ${readableLine(line)}\n`).join('');
}

/** A `.transcript` file, as Bot Framework Emulator opens it: the activities as a JSON list. */
export function toTranscriptFile(activities: readonly object[]): string {
  return `${JSON.stringify(activities, undefined, 2)}\n`;
}
