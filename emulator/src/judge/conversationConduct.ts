import type { ViolationRule } from '../world';
import { BoundedMap } from './boundedMap';
import { EchoWatch } from './echoWatch';
import type { EventFacts, PostFacts } from './facts';
import { type Arrival, identityOf, type KnownPost, remember, sayingOf } from './knownPost';
import { LostReplies, MAX_ATTEMPTS } from './lostReplies';

/** Reports a violation. */
export type Report = (rule: ViolationRule, message: string, evidence: readonly string[]) => void;

/** A message that the bot has to answer. */
interface OpenMessage {
  readonly entryIds: Set<string>;
  /** Real time; undefined while we do not know that the bot has it. */
  acceptedAt: number | undefined;
}

/** What the judge knows of the moment at which a post arrives. */
export interface Moment extends Omit<Arrival, 'events'> {
  readonly isWithAgent: boolean;
}

const HANDOVER = '1002';
/** So many posts are known again. */
const MAX_POSTS = 1000;
const MAX_OPEN_MESSAGES = 1000;

/** What the judge knows of one BOT conversation. */
export class ConversationConduct {
  readonly #report: Report;
  readonly #open = new BoundedMap<string, OpenMessage>(MAX_OPEN_MESSAGES);
  readonly #seenEvents = new BoundedMap<string, true>(MAX_POSTS);
  readonly #posts = new BoundedMap<string, KnownPost>(MAX_POSTS);
  /** The identity of the first post that said this at this time. */
  readonly #sayings = new BoundedMap<string, string>(MAX_POSTS);
  readonly #echoes = new EchoWatch();
  readonly #lost = new LostReplies();
  #events = 0;
  /** How many events were sent at the latest instant, and at the one with most. */
  #instant = { at: Number.NaN, events: 0 };
  #mostAtOnce = 0;
  #latestStamp: { readonly stamp: number; readonly entryId: string } | undefined;
  /** The 1002 that was acted on and answered, until the customer's next message to the bot. */
  #handover: { readonly actedAt: number; readonly entryId: string; readonly identity: string } | undefined;
  /** The identity of the post that came last. */
  #latestPost = '';
  #latestRoutedToBot = -1;
  /** When the latest 1002 was acted on. */
  #latestHandoverAt = -1;

  constructor(report: Report) {
    this.#report = report;
  }

  /**
   * An attempt, or a copy, goes out.
   *
   * @param isWithAgent Whether the contact centre has the conversation now.
   * @param now The emulator's time.
   */
  sends(event: EventFacts, isWithAgent: boolean, now: number): void {
    if (!event.isForBot) return;
    const isFirst = this.#seenEvents.get(event.key) === undefined;
    this.#seenEvents.set(event.key, true);
    if (isFirst) this.#counts(now);
    this.#echoes.sends(event.key, event.entryId, isFirst);
    // What crosses a handover on the wire is the agent's to answer.
    const isExpected = !isWithAgent && event.routedAt > this.#latestHandoverAt;
    if (isFirst && isExpected) {
      this.#open.set(event.key, { entryIds: new Set([event.entryId]), acceptedAt: undefined });
    } else this.#open.get(event.key)?.entryIds.add(event.entryId);
    this.#latestRoutedToBot = Math.max(this.#latestRoutedToBot, event.routedAt);
    if (this.#handover !== undefined && event.routedAt > this.#handover.actedAt) this.#handover = undefined;
  }

  /** The bot has the event. @param realNow Milliseconds that no jump moves. */
  accepts(event: EventFacts, realNow: number): void {
    const message = this.#open.get(event.key);
    if (message !== undefined) message.acceptedAt ??= realNow;
  }

  /** A 1001 or 1002 arrived. */
  receives(post: PostFacts, moment: Moment): void {
    const { realNow, isWithAgent } = moment;
    const identity = identityOf(post);
    const known = this.#posts.get(identity);
    // The agent has closed: the bot may know it from elsewhere, and speak first.
    if (!isWithAgent) this.#handover = undefined;
    const alike = this.#posts.get(this.#sayings.get(sayingOf(post)) ?? '');
    if (known === undefined) this.#judgeNew(post, identity, alike);
    else this.#judgeRepeat(post, known);
    // A repeat of what the customer has read already is no loss.
    if (known?.firstActedAt === undefined) this.#lost.receives(post, realNow);
    // What was refused has to come again, until the bot may give up.
    const isLastAttempt = (known?.arrivals ?? 0) + 1 >= MAX_ATTEMPTS;
    const isDone = post.isActedOn || post.isAnswered || post.isRefusedForGood || isLastAttempt;
    if (isDone) this.#open.clear();
    if (post.isAnswered && known?.isAnswered !== true) this.#judgeEcho(post);

    const isFirstActedOn = post.isActedOn && known?.firstActedAt === undefined;
    if (isFirstActedOn) this.#judgeOrder(post, known);
    const remembered = remember(post, { known, alike }, { ...moment, events: this.#events });
    this.#posts.set(identity, remembered);
    this.#latestPost = identity;
    if (post.eventId === HANDOVER) this.#handsOver(post, identity, remembered.firstActedAt);
  }

  /** The answer to a post did not get through after all. */
  answerLost(post: PostFacts): void {
    const identity = identityOf(post);
    const known = this.#posts.get(identity);
    if (known?.entryId === post.entryId) this.#posts.set(identity, { ...known, isAnswered: false });
    if (this.#handover?.entryId === post.entryId) this.#handover = undefined;
  }

  /** The bot's process ends. What came before `deadline`, real time, it has noted; and all but the latest post. */
  botEnds(deadline: number): void {
    const latest = this.#posts.get(this.#latestPost);
    if (latest === undefined || latest.arrivedAt < deadline) return;
    this.#posts.set(this.#latestPost, { ...latest, isUnnoted: true });
  }

  /** The contact centre answers. */
  excuseAll(): void {
    this.#open.clear();
  }

  /** The latest real time since which the bot has owed something; undefined when it owes nothing. */
  get silentSince(): number | undefined {
    const accepted = this.#open.entries().flatMap(([, { acceptedAt }]) => acceptedAt ?? []);
    const times = [...accepted, ...(this.#lost.latestAt === undefined ? [] : [this.#lost.latestAt])];
    return times.length === 0 ? undefined : Math.max(...times);
  }

  /** Reports, once, each message that the bot has had since before `deadline` without a word, and each lost reply. */
  judgeSilence(deadline: number): void {
    for (const [key, message] of this.#open.entries()) {
      const { acceptedAt, entryIds } = message;
      // Who hears of a violation may ask again at once.
      if (this.#open.get(key) !== message) continue;
      if (acceptedAt === undefined || acceptedAt > deadline) continue;
      this.#open.delete(key);
      this.#report('unanswered', 'The bot took a message of the customer and has said nothing since.', [
        ...entryIds,
      ]);
    }
    for (const { entryId, byEntryId } of this.#lost.take(deadline)) {
      this.#report('unanswered', 'A reply was refused, and the bot went on without it.', [
        entryId,
        byEntryId,
      ]);
    }
  }

  /** One more event. */
  #counts(now: number): void {
    this.#events++;
    const { at, events } = this.#instant;
    this.#instant = { at: now, events: at === now ? events + 1 : 1 };
    this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#instant.events);
  }

  #judgeRepeat(post: PostFacts, known: KnownPost): void {
    const isDouble = post.key === undefined ? this.#isDouble(known) : known.isAnswered && !known.isUnnoted;
    if (isDouble) this.#reportDouble(post, known.entryId);
  }

  #judgeNew(post: PostFacts, identity: string, alike: KnownPost | undefined): void {
    const isDouble = alike !== undefined && this.#isDouble(alike);
    if (isDouble) this.#reportDouble(post, alike.entryId);
    this.#sayings.set(sayingOf(post), identity);

    const handover = this.#handover;
    if (handover === undefined) return;
    if (post.eventId !== HANDOVER) {
      this.#report('replyAfterHandover', 'The bot spoke while the contact centre has the conversation.', [
        handover.entryId,
        post.entryId,
      ]);
    } else if (!isDouble && !this.#isUnnoted(handover.identity)) this.#reportDouble(post, handover.entryId);
  }

  /** Only what was answered: a bot may send the rest again with another stamp, and means no second message. */
  #judgeEcho(post: PostFacts): void {
    const echo = this.#echoes.says(JSON.stringify([post.eventId, post.text]), post.entryId);
    if (echo === undefined) return;
    this.#report('doubled', 'The bot answered a repeat of an event as if it were a new one.', [
      echo.eventEntryId,
      echo.firstPostId,
      post.entryId,
    ]);
  }

  /**
   * The same words may well answer another event, even at the same millisecond: clocks of tests stand still. Then what
   * comes without an event in between may have waited behind something, as often as events came at the same instant.
   */
  #isDouble({ isAnswered, isUnnoted, eventsBefore, timesSaid }: KnownPost): boolean {
    return isAnswered && !isUnnoted && eventsBefore === this.#events && timesSaid >= this.#mostAtOnce;
  }

  #reportDouble(post: PostFacts, firstEntryId: string): void {
    const what = post.eventId === HANDOVER ? 'handed over' : 'said';
    this.#report('doubled', `The bot ${what} twice, though the first time was answered.`, [
      firstEntryId,
      post.entryId,
    ]);
  }

  #judgeOrder(post: PostFacts, known: KnownPost | undefined): void {
    if (post.eventId === HANDOVER || post.stamp === undefined) return;
    // By hand, which may well be out of order.
    const isReplayed = known !== undefined && (known.isRefusedForGood || known.arrivals >= MAX_ATTEMPTS);
    const latest = this.#latestStamp;
    if (latest === undefined || post.stamp >= latest.stamp) {
      this.#latestStamp = { stamp: post.stamp, entryId: post.entryId };
      return;
    }
    if (isReplayed) return;
    this.#report('outOfOrder', 'A reply reached the customer after one that was stamped later.', [
      latest.entryId,
      post.entryId,
    ]);
  }

  #handsOver(post: PostFacts, identity: string, actedAt: number | undefined): void {
    if (actedAt === undefined) return;
    this.#latestHandoverAt = Math.max(this.#latestHandoverAt, actedAt);
    // A repeat of a 1002 that was acted on long ago, before the agent gave the conversation back, says nothing.
    if (!post.isAnswered || this.#latestRoutedToBot > actedAt) return;
    const first = this.#handover;
    if (first === undefined) this.#handover = { actedAt, entryId: post.entryId, identity };
    else if (this.#isUnnoted(first.identity)) this.#handover = { ...first, entryId: post.entryId, identity };
  }

  #isUnnoted(identity: string): boolean {
    return this.#posts.get(identity)?.isUnnoted === true;
  }
}
