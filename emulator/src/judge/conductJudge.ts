import type { Violation } from '../world';
import { ConversationConduct } from './conversationConduct';
import type { AttemptFacts, EventFacts, PostFacts, Situation } from './facts';
import { ViolationList } from './violationList';

/** What the judge goes by. */
export interface JudgeSettings {
  /** Milliseconds of real time within which a message has to be answered. */
  readonly answerExpectedWithinMs: number;
  /** The emulator's time, which stamps violations. */
  readonly now: () => number;
  /** Milliseconds that no jump and no pause of the emulator moves. */
  readonly realNow: () => number;
  readonly situation: Situation;
  /** Called after each new violation. */
  readonly changed: () => void;
}

/** Milliseconds of real time that a bot has to note an answer: what it was answered before, it does not send again. */
const NOTED_WITHIN_MS = 1000;

/**
 * Watches what the bot does, and blames it only for what the emulator's own faults cannot have caused. It does not
 * know the bot: which reply belongs to which message, or how many replies a message gets, cannot be seen on the wire.
 *
 * - `unanswered`: a customer's message or postback was answered 2xx, and no 1001 or 1002 has come for its
 *   conversation since it was first sent. One post answers everything that was sent before it, for a bot may answer
 *   two messages at once. Excused: the integration is not active or its last attempt failed; the contact centre has
 *   the conversation, or had it when the event was first sent, or got it after the event was routed; an agent has
 *   spoken in it since; the event was cut by a fault; the bot's latest post, to this conversation or to any, was
 *   failed by a fault, so that its next ones may be waiting for their turn. What {@link LostReplies} finds counts too.
 * - `outOfOrder`: the `Timestamp`s of the replies that reached the customer go backwards. Replies whose stamps are
 *   equal may come in any order. Excused: a reply that a fault refused for good, or five times, and that was replayed.
 * - `doubled`: a post with an `Idempotency-Key` that was answered 2xx before; a post with no key or a new one that
 *   says the same at the same millisecond as one that was answered 2xx, with no event sent to the bot in between, and
 *   more often than events were ever sent at the same instant (a clock that stands still has all replies say one time); a
 *   second 1002 while the contact centre has the conversation by the first; and what {@link EchoWatch} finds. A repeat
 *   of what was not answered, or answered late or in part, is at-least-once delivery, and right. So is one of a
 *   conversation's latest post by a bot whose process has ended within a second of it.
 * - `replyAfterHandover`: a new 1001 arrives after a 1002 was acted on and answered 2xx, and before the customer's
 *   next message of type BOT, one that was routed to the bot after the handover, is sent. Excused: the agent has closed.
 * - `wrongConversation`: a conversation ID that nobody has, or an agent's.
 * - `tooSlow`, `tokenMissing`: of an answer to an event; what a fault added to the time is not counted.
 * - `malformed`: a post differs from the reference.
 */
export class ConductJudge {
  readonly #settings: JudgeSettings;
  readonly #list: ViolationList;
  readonly #conversations = new Map<string, ConversationConduct>();
  /** Conversations whose latest post was failed by a fault. */
  readonly #hampered = new Set<string>();
  #isLatestPostFailed = false;
  #isBotRunning = true;
  #mark = 0;

  constructor(settings: JudgeSettings) {
    this.#settings = settings;
    this.#list = new ViolationList(settings.now);
  }

  get violations(): readonly Violation[] {
    return this.#list.all;
  }

  /** Now, in the order of all that happens. */
  mark(): number {
    return ++this.#mark;
  }

  /** An event is being sent: an attempt or a copy. */
  sends(event: EventFacts): void {
    const { conversationId } = event;
    if (conversationId === undefined) return;
    const { situation, now } = this.#settings;
    this.#conductOf(conversationId).sends(event, situation.isWithAgent(conversationId), now());
  }

  /** An attempt came to an end. */
  ends(event: EventFacts, attempt: AttemptFacts): void {
    const { conversationId, entryId } = event;
    const { tookMs, limitMs, wasCut, token } = attempt;
    if (wasCut || (tookMs !== undefined && tookMs > limitMs)) {
      this.#report(conversationId, 'tooSlow', `An event was not answered within ${limitMs} ms.`, [entryId]);
    }
    if (token === 'missing' || token === 'wrong') {
      const problem = token === 'missing' ? 'without the verification token' : 'with another token';
      this.#report(conversationId, 'tokenMissing', `An event was answered 2xx, but ${problem}.`, [entryId]);
    }
    if (!attempt.isAccepted || conversationId === undefined) return;
    this.#conductOf(conversationId).accepts(event, this.#settings.realNow());
  }

  /** The bot POSTed something. */
  receives(post: PostFacts): void {
    const { conversationId, target, entryId } = post;
    if (post.problems.length > 0) {
      this.#report(conversationId, 'malformed', post.problems.join(' '), [entryId]);
    }
    if (target === 'unknown' || target === 'agent') {
      const whose = target === 'agent' ? "is an agent's" : 'nobody has';
      this.#report(conversationId, 'wrongConversation', `The bot used a conversation ID that ${whose}.`, [
        entryId,
      ]);
    }
    this.#isLatestPostFailed = target === 'bot' && !post.isAnswered;
    if (target !== 'bot' || conversationId === undefined) return;
    if (post.isAnswered) this.#hampered.delete(conversationId);
    else this.#hampered.add(conversationId);
    if (post.eventId === '1001' || post.eventId === '1002') {
      this.#conductOf(conversationId).receives(post, {
        mark: this.mark(),
        realNow: this.#settings.realNow(),
        isWithAgent: this.#settings.situation.isWithAgent(conversationId),
        isBotRunning: this.#isBotRunning,
      });
    }
  }

  /** The connection of a post was gone before its answer was out: the bot may repeat it. */
  answerLost(post: PostFacts): void {
    if (post.target !== 'bot' || post.conversationId === undefined) return;
    this.#hampered.add(post.conversationId);
    this.#conductOf(post.conversationId).answerLost(post);
  }

  /** The bot has closed the conversation: nothing comes of it any more. */
  forget(conversationId: string): void {
    this.#conversations.delete(conversationId);
    this.#hampered.delete(conversationId);
  }

  /** An agent has answered the customer. */
  agentSpeaks(conversationId: string): void {
    this.#conversations.get(conversationId)?.excuseAll();
  }

  botEnds(): void {
    this.#isBotRunning = false;
    const deadline = this.#settings.realNow() - NOTED_WITHIN_MS;
    for (const conduct of this.#conversations.values()) conduct.botEnds(deadline);
  }

  botRuns(): void {
    this.#isBotRunning = true;
  }

  settle(): readonly Violation[] {
    const { situation, realNow, answerExpectedWithinMs } = this.#settings;
    const deadline = realNow() - answerExpectedWithinMs;
    for (const [conversationId, conduct] of this.#conversations) {
      if (situation.isWithAgent(conversationId)) conduct.excuseAll();
      else if (this.#canSpeak(conversationId)) conduct.judgeSilence(deadline);
    }
    return this.violations;
  }

  /**
   * Milliseconds of real time until nothing is open any more: what the bot owes now is said by then, or silence is
   * judged. undefined when it owes nothing, or is excused.
   */
  get settledInMs(): number | undefined {
    const { realNow, answerExpectedWithinMs, situation } = this.#settings;
    const times = [...this.#conversations].flatMap(([conversationId, conduct]) =>
      situation.isWithAgent(conversationId) || !this.#canSpeak(conversationId)
        ? []
        : (conduct.silentSince ?? []),
    );
    const latest = times.reduce((later, time) => Math.max(later, time), Number.NEGATIVE_INFINITY);
    return times.length === 0 ? undefined : Math.max(latest + answerExpectedWithinMs - realNow(), 0);
  }

  clear(): void {
    this.#list.clear();
    this.#settings.changed();
  }

  #canSpeak(conversationId: string): boolean {
    if (!this.#settings.situation.isHealthy()) return false;
    return !this.#isLatestPostFailed && !this.#hampered.has(conversationId);
  }

  #conductOf(conversationId: string): ConversationConduct {
    const known = this.#conversations.get(conversationId);
    if (known !== undefined) return known;
    const conduct = new ConversationConduct((rule, message, evidence) =>
      this.#report(conversationId, rule, message, evidence),
    );
    this.#conversations.set(conversationId, conduct);
    return conduct;
  }

  #report(
    conversationId: string | undefined,
    rule: Violation['rule'],
    message: string,
    evidence: readonly string[],
  ): void {
    this.#list.add(rule, conversationId, message, evidence);
    this.#settings.changed();
  }
}
