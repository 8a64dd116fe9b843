import type { Activity } from 'botbuilder';
import { z } from 'zod';
import { type JsonValue, toJsonValue } from './json';

/** Contact centres truncate long texts (Enghouse at 1,024 characters), so the newest lines are kept. */
const MAX_SUMMARY_LENGTH = 1000;

const transcriptSchema = z.object({
  activities: z.array(
    z.looseObject({
      type: z.string().optional(),
      text: z.string().optional(),
      from: z.looseObject({ role: z.string().optional() }).optional(),
    }),
  ),
});

/**
 * The default `customparam1..N` of a handover: the hand-off's context, then a readable summary of the transcript
 * that came with it. What a tenant's flow expects is not documented (assumption; option
 * `translation.handoverParams`).
 *
 * @param activity A `handoff.initiate` event, as `EventFactory.createHandoffInitiation` makes it.
 */
export function defaultHandoverParams(activity: Partial<Activity>): readonly JsonValue[] {
  const context = toJsonValue(activity.value) ?? null;
  const summary = summarise(activity);
  if (context === null && summary === '') return [];
  return [context ?? '', ...(summary === '' ? [] : [summary])];
}

function summarise(activity: Partial<Activity>): string {
  const transcript = activity.attachments?.map((attachment) =>
    transcriptSchema.safeParse(attachment.content),
  );
  const lines = (transcript ?? [])
    .flatMap((parsed) => parsed.data?.activities ?? [])
    .filter(({ type, text }) => type === 'message' && text !== undefined && text !== '')
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
  return kept.join('\n');
}
