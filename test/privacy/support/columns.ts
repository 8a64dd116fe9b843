import { canariesIn } from './canaries';
import type { Evidence } from './evidence';

/** One value of a database, and where it stands: `outbox.body`. */
export interface Cell {
  readonly column: string;
  readonly value: unknown;
}

/** The columns that exist for people's words, or the field of one that holds JSON, and why they hold them. */
export type ColumnsForWords = Readonly<Record<string, string>>;

/** On either engine. */
const OF_BOTH: ColumnsForWords = {
  'inbox.payload': 'the event as it came, for its turn',
  'outbox.body': 'the message, to be delivered',
  'conversations.record.customParams': "the latest custom parameters, which are the bot's to read",
  'transcript_activities.activity': 'what was said, for the agent and whoever reads the transcript',
};

/** {@link SqliteStore}'s. */
export const SQLITE_COLUMNS: ColumnsForWords = {
  ...OF_BOTH,
  'quarantine.item.body': 'the request as it came, for whoever looks at it',
  'quarantine.item.event.payload': 'the event as it came, to be replayed',
  'quarantine.item.details': 'what the error says that a turn ended with',
  'bot_state.document': "the bot's own state",
};

/** {@link PostgresStore}'s. */
export const POSTGRES_COLUMNS: ColumnsForWords = {
  ...OF_BOTH,
  'quarantine.body': 'the request, or the event, as it came',
  'quarantine.details': 'what the error says that a turn ended with',
  'bot_state.item': "the bot's own state",
};

/**
 * Looks through a whole database: secrets may stand nowhere, words only where they belong.
 *
 * @returns The columns for words in which none was found: then the run has not shown that they are needed.
 */
export function lookThrough(
  cells: readonly Cell[],
  columns: ColumnsForWords,
  evidence: Evidence,
): readonly string[] {
  const unused = new Set(Object.keys(columns));
  for (const cell of cells) {
    for (const { place, text } of textsOf(cell)) {
      const home = Object.keys(columns).find((one) => place === one || place.startsWith(`${one}.`));
      evidence.add(`column ${place}`, text, home === undefined ? 'nothing' : 'words');
      if (home !== undefined && canariesIn(text).length > 0) unused.delete(home);
    }
  }
  return [...unused];
}

interface Text {
  readonly place: string;
  readonly text: string;
}

/** A value's texts, and those within, when it is a JSON object: each field is a place of its own. */
function textsOf({ column, value }: Cell): Text[] {
  return typeof value === 'string' ? within(column, parsedOr(value)) : within(column, value);
}

function within(place: string, value: unknown): Text[] {
  if (typeof value !== 'object' || value === null) return [{ place, text: String(value) }];
  if (value instanceof Uint8Array) return [{ place, text: Buffer.from(value).toString('latin1') }];
  const fields = Object.entries(value);
  return fields.flatMap(([key, field]) => [
    { place: `${place}.<name>`, text: Array.isArray(value) ? '' : key },
    ...within(Array.isArray(value) ? place : `${place}.${key}`, field),
  ]);
}

function parsedOr(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : text;
  } catch {
    return text;
  }
}
