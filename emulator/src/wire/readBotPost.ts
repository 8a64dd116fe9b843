import { checkFields, type PlausibleTimes } from './checkFields';
import { readBotStamp } from './stamps';

/** What came from the bot, as far as it can be understood, and all that is wrong with it. */
export interface BotPost {
  readonly eventId: string | undefined;
  readonly conversationId: string | undefined;
  /** `message` of a reply. */
  readonly text: string;
  /** `Timestamp`, in milliseconds since the epoch. */
  readonly stamp: number | undefined;
  /** customparam1..N as sent. */
  readonly customParams: Readonly<Record<string, string>>;
  /** `Idempotency-Key`, which no page of the platform mentions. */
  readonly key: string | undefined;
  readonly problems: readonly string[];
}

/** No ID is longer; what is, is nobody's, and is not to fill every list that shows it. */
const MAX_ID = 100;

/**
 * Reads what the bot POSTed.
 *
 * @param headers With names in lower case.
 * @param closeEventId `eventid` by which a bot closes a conversation, if it can.
 */
export function readBotPost(
  headers: Readonly<Record<string, string>>,
  body: string,
  times: PlausibleTimes,
  closeEventId?: string,
): BotPost {
  const json = parseObject(body);
  const problems = [...checkContentType(headers['content-type'])];
  if (json === undefined) {
    problems.push('The body is no JSON object.');
    return {
      eventId: undefined,
      conversationId: undefined,
      text: '',
      stamp: undefined,
      customParams: {},
      key: headers['idempotency-key'],
      problems,
    };
  }

  const eventId =
    typeof json.eventid === 'number' ? String(json.eventid) : textOf(json.eventid)?.slice(0, MAX_ID);
  problems.push(...checkFields(json, { eventId, closeEventId, times }));
  return {
    eventId,
    conversationId: textOf(json.conversation_id)?.slice(0, MAX_ID),
    text: textOf(json.message) ?? '',
    stamp: readBotStamp(textOf(json.Timestamp) ?? ''),
    customParams: customParamsOf(json),
    key: headers['idempotency-key'],
    problems,
  };
}

function checkContentType(contentType: string | undefined): readonly string[] {
  if (/^application\/json\s*(;|$)/i.test(contentType ?? '')) return [];
  return [`Content-Type is ${contentType ?? 'missing'}; it has to be application/json.`];
}

function parseObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(body);
    return isRecord(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function customParamsOf(json: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const params = Object.entries(json)
    .filter(([name]) => /^customparam\d+$/.test(name))
    .map(([name, value]) => [name, typeof value === 'string' ? value : writeJson(value)]);
  return Object.fromEntries(params);
}

/** JSON can be read deeper than it can be written. */
function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '…';
  }
}
