import type { Activity } from 'botbuilder';
import { z } from 'zod';
import { WebexConnectInvalidActivityError } from '../errors';
import { type JsonValue, toJsonValue } from './json';

/** Contact centres truncate long texts (Enghouse at 1,024 characters), so the newest lines are kept. */
const MAX_SUMMARY_LENGTH = 1000;

const transcriptSchema = z.object({ activities: z.array(z.unknown()) });

/** What of an activity is worth a line. */
const spokenSchema = z.looseObject({
  type: z.literal('message'),
  text: z.string().min(1),
  from: z.looseObject({ role: z.string().nullish() }).nullish(),
});

/**
 * The default `customparam1..N` of a handover: the hand-off's context, then a readable summary of the transcript
 * that came with it. What a tenant's flow expects is not documented (assumption; option
 * `translation.handoverParams`).
 *
 * @param activity A `handoff.initiate` event, as `EventFactory.createHandoffInitiation` makes it.
 */
export function defaultHandoverParams(activity: Partial<Activity>): readonly JsonValue[] {
  const context = contextOf(activity);
  const summary = summarise(activity);
  if (context === null && summary === '') return [];
  return [context ?? '', ...(summary === '' ? [] : [summary])];
}

function contextOf(activity: Partial<Activity>): JsonValue {
  if (activity.value === undefined || activity.value === null) return null;
  const context = toJsonValue(activity.value);
  if (context !== undefined) return context;
  throw new WebexConnectInvalidActivityError(
    'The handover was not sent: activity.value holds what JSON cannot carry, such as a circle or a bigint.',
  );
}

function summarise(activity: Partial<Activity>): string {
  const transcript = activity.attachments?.map((attachment) =>
    transcriptSchema.safeParse(attachment.content),
  );
  const lines = (transcript ?? [])
    .flatMap((parsed) => parsed.data?.activities ?? [])
    .flatMap((spoken) => spokenSchema.safeParse(spoken).data ?? [])
    .map(({ from, text }) => `${from?.role === 'bot' ? 'bot' : 'customer'}: ${text}`);
  return newest(lines);
}

function newest(lines: readonly string[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const line of [...lines].reverse()) {
    length += line.length + 1;
    if (length > MAX_SUMMARY_LENGTH) break;
    kept.unshift(line);
  }
  // A summary that would leave out everything is no summary: the newest line is cut instead.
  return kept.length > 0 ? kept.join('\n') : beginningOf(lines.at(-1) ?? '');
}

/** No half of a surrogate pair is left at the end. */
function beginningOf(line: string): string {
  return line.slice(0, MAX_SUMMARY_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
}
