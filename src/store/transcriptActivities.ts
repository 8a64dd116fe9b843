import type { Activity } from 'botbuilder';
import type { TranscriptEntry } from './transcriptEntry';

/**
 * Reads what a bot wants to log.
 *
 * @throws {TypeError} when the activity has no `channelId` or no `conversation.id`.
 */
export function toTranscriptEntry(activity: Activity): TranscriptEntry {
  if (!activity) throw new TypeError('activity cannot be null for logActivity()');
  mustBeGiven('activity.channelId', activity.channelId);
  mustBeGiven('activity.conversation.id', activity.conversation?.id);
  const happenedAt = activity.timestamp === undefined ? Number.NaN : new Date(activity.timestamp).getTime();
  return {
    channelId: activity.channelId,
    conversationId: activity.conversation.id,
    activityId: activity.id === '' ? undefined : activity.id,
    type: activity.type ?? '',
    happenedAt: Number.isNaN(happenedAt) ? undefined : happenedAt,
    json: JSON.stringify(activity),
  };
}

/** The fields of an activity that are dates; JSON has made texts of them. */
const DATES = ['timestamp', 'localTimestamp', 'expiration'];

/** Reads an activity out of a transcript. */
export function fromTranscriptJson(json: string): Activity {
  const activity: unknown = JSON.parse(json);
  if (!isActivity(activity)) throw new TypeError('The transcript holds what is no activity.');
  for (const field of DATES) {
    const value: unknown = Reflect.get(activity, field);
    if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) continue;
    Reflect.set(activity, field, new Date(value));
  }
  return activity;
}

/** @throws {TypeError} when a name that botbuilder's `TranscriptStore` needs is missing. */
export function mustBeGiven(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw new TypeError(`Missing ${name}`);
}

function isActivity(value: unknown): value is Activity {
  return typeof value === 'object' && value !== null && 'type' in value;
}
