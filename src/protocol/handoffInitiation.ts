import type { Activity } from 'botbuilder';
import { z } from 'zod';
import { WebexConnectInvalidActivityError } from '../errors';
import { type JsonValue, toJsonValue } from './json';
import { readOutboundOverrides } from './outboundChannelData';
import type { CustomParams } from './outboundPayload';
import { type TranscriptLine, toTranscriptLine } from './transcript';

/** What the bot says when it hands a conversation over. */
export interface HandoffInitiation {
  readonly context: JsonValue | undefined;
  /** `undefined` when the bot attached none. */
  readonly transcript: readonly TranscriptLine[] | undefined;
  readonly customParams: CustomParams;
}

const transcriptSchema = z.object({ activities: z.array(z.unknown()) });

/**
 * Reads a `handoff.initiate` event, as `EventFactory.createHandoffInitiation` makes it. What in the transcript is no
 * message is left out, however malformed. Pure.
 *
 * @param time Milliseconds since the epoch: the time of lines that have none.
 * @throws {WebexConnectInvalidActivityError} when JSON cannot carry the context, or `channelData` is wrong.
 */
export function readHandoffInitiation(activity: Partial<Activity>, time: number): HandoffInitiation {
  return {
    context: contextOf(activity.value),
    transcript: transcriptOf(activity.attachments, time),
    customParams: readOutboundOverrides(activity.channelData).customParams,
  };
}

function contextOf(value: unknown): JsonValue | undefined {
  if (value === undefined || value === null) return undefined;
  const context = toJsonValue(value);
  if (context !== undefined) return context;
  throw new WebexConnectInvalidActivityError(
    'The handover was not sent: activity.value holds what JSON cannot carry, such as a circle or a bigint.',
  );
}

function transcriptOf(
  attachments: Activity['attachments'] | undefined,
  time: number,
): readonly TranscriptLine[] | undefined {
  const transcripts = (attachments ?? []).flatMap(
    (attachment) => transcriptSchema.safeParse(attachment?.content).data ?? [],
  );
  if (transcripts.length === 0) return undefined;
  return transcripts
    .flatMap(({ activities }) => activities)
    .flatMap((activity) => toTranscriptLine(activity, time) ?? []);
}
