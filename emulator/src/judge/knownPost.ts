import type { PostFacts } from './facts';
import { fingerprint } from './fingerprint';

/** A post with all its repeats. */
export interface KnownPost {
  readonly entryId: string;
  readonly firstActedAt: number | undefined;
  readonly arrivals: number;
  /** How many events the bot had been sent by then. */
  readonly eventsBefore: number;
  readonly isAnswered: boolean;
  /** How often the bot was heard saying this at this time, under whatever key. */
  readonly timesSaid: number;
  readonly isRefusedForGood: boolean;
  /** Real time of the latest arrival. */
  readonly arrivedAt: number;
  /** The bot's process has ended before it had the time to note an answer: it may rightly send it once more. */
  readonly isUnnoted: boolean;
}

/** When a post arrives. */
export interface Arrival {
  /** In the order of all that happens. */
  readonly mark: number;
  /** How many events the bot has been sent. */
  readonly events: number;
  readonly realNow: number;
  /** Whether the bot's process runs, as far as is known. */
  readonly isBotRunning: boolean;
}

/**
 * What is known of a post that has arrived, once more or for the first time.
 *
 * @param alike What said the same before, under another key.
 */
export function remember(
  post: PostFacts,
  { known, alike }: { readonly known: KnownPost | undefined; readonly alike: KnownPost | undefined },
  arrival: Arrival,
): KnownPost {
  const isNews = post.key === undefined ? known?.isUnnoted !== true : known?.isAnswered !== true;
  return {
    entryId: known?.entryId ?? post.entryId,
    firstActedAt: known?.firstActedAt ?? (post.isActedOn ? arrival.mark : undefined),
    arrivals: (known?.arrivals ?? 0) + 1,
    eventsBefore: known?.eventsBefore ?? arrival.events,
    isAnswered: post.isAnswered || known?.isAnswered === true,
    timesSaid: ((known ?? alike)?.timesSaid ?? 0) + (post.isAnswered && isNews ? 1 : 0),
    isRefusedForGood: post.isRefusedForGood || known?.isRefusedForGood === true,
    arrivedAt: arrival.realNow,
    isUnnoted: !arrival.isBotRunning || (known?.isUnnoted === true && !post.isAnswered),
  };
}

/** What a repeat has in common with the first. */
export function identityOf(post: PostFacts): string {
  return post.key === undefined ? sayingOf(post) : `key ${post.key}`;
}

/** Without a stamp the same words may well be meant twice. */
export function sayingOf({ eventId, stamp, text, entryId }: PostFacts): string {
  return JSON.stringify([eventId, stamp ?? entryId, fingerprint(text)]);
}
