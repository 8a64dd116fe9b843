import { BoundedMap } from './boundedMap';
import type { PostFacts } from './facts';
import { fingerprint } from './fingerprint';

/** First attempt and four retries: a bot may give up after them. */
export const MAX_ATTEMPTS = 5;
const MAX_REFUSED = 1000;

/** What a fault refused, and the bot has to send again. */
interface Refused {
  readonly entryId: string;
  readonly stamp: number | undefined;
  readonly arrivals: number;
  readonly overtaken: Overtaken | undefined;
}

interface Overtaken {
  readonly byEntryId: string;
  /** Real time. */
  readonly at: number;
}

/** A reply that a fault refused, with the one that the bot sent instead. */
export interface LostReply {
  readonly entryId: string;
  readonly byEntryId: string;
}

/**
 * Finds a bot that goes on without what was refused. One that is silent may be waiting for its next attempt, but not
 * one that says something later meanwhile: what it says is not in order, or the first will never come.
 */
export class LostReplies {
  readonly #refused = new BoundedMap<string, Refused>(MAX_REFUSED);

  /** A 1001 or 1002 arrived, for the first time or again. @param realNow Milliseconds that no jump moves. */
  receives(post: PostFacts, realNow: number): void {
    const said = identityOf(post);
    if (!post.isActedOn && !post.isAnswered && !post.isRefusedForGood) {
      this.#refuse(post, said);
      return;
    }
    this.#refused.delete(said);
    if (post.isActedOn) this.#overtake(post, realNow);
  }

  /** When the latest was overtaken that has not come since; undefined when there is none. */
  get latestAt(): number | undefined {
    const times = this.#refused.entries().flatMap(([, { overtaken }]) => overtaken?.at ?? []);
    return times.length === 0 ? undefined : Math.max(...times);
  }

  /** What was overtaken before `deadline`, and has not come since. Each is told once. */
  take(deadline: number): readonly LostReply[] {
    return this.#refused.entries().flatMap(([said, { entryId, overtaken }]) => {
      if (overtaken === undefined || overtaken.at > deadline) return [];
      this.#refused.delete(said);
      return [{ entryId, byEntryId: overtaken.byEntryId }];
    });
  }

  #refuse({ entryId, stamp }: PostFacts, said: string): void {
    const known = this.#refused.get(said);
    const arrivals = (known?.arrivals ?? 0) + 1;
    if (arrivals >= MAX_ATTEMPTS) this.#refused.delete(said);
    else
      this.#refused.set(
        said,
        known ? { ...known, arrivals } : { entryId, stamp, arrivals, overtaken: undefined },
      );
  }

  #overtake(post: PostFacts, realNow: number): void {
    for (const [said, refused] of this.#refused.entries()) {
      if (refused.overtaken !== undefined || !isLater(post.stamp, refused.stamp)) continue;
      this.#refused.set(said, { ...refused, overtaken: { byEntryId: post.entryId, at: realNow } });
    }
  }
}

/** By what it says: a bot without keys may stamp its attempts anew. */
function identityOf({ eventId, text }: PostFacts): string {
  return JSON.stringify([eventId, fingerprint(text)]);
}

function isLater(stamp: number | undefined, than: number | undefined): boolean {
  return stamp === undefined || than === undefined || stamp >= than;
}
