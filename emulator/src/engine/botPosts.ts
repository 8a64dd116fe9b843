import type { MovableClock } from '../clock/movableClock';
import { realDelay } from '../clock/realDelay';
import { BoundedMap } from '../judge/boundedMap';
import type { ConductJudge } from '../judge/conductJudge';
import type { PostFacts } from '../judge/facts';
import { fingerprint } from '../judge/fingerprint';
import { type BotPost, readBotPost } from '../wire/readBotPost';
import type { FaultEffect, PostFromBot } from '../world';
import type { ChatEngine } from './chatEngine';
import type { Conversations, Target } from './conversations';
import { describeFaults, type Faults, type FaultTarget, SENT_BY_HAND } from './faults';
import { HeldBack } from './heldBack';
import type { UnderWay } from './underWay';
import type { WireLog } from './wireLog';

/** What the bot POSTed to the integration's URL. */
export interface IncomingPost {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** Why the body could not be read, and what the answer to that is. */
  readonly unreadable?: { readonly status: number; readonly problem: string };
}

/** What the integration's URL answers. */
export interface PlatformAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Instead of answering: break the connection, or leave it open and say nothing. */
  readonly close?: 'reset' | 'silent';
  /** To be called when the bot was gone before the answer was out: it may then come again, and rightly. */
  lost(): void;
}

/** What posts are handled with. */
export interface PostParts {
  readonly chat: ChatEngine;
  readonly conversations: Conversations;
  readonly clock: MovableClock;
  readonly faults: Faults;
  readonly judge: ConductJudge;
  readonly wire: WireLog;
  readonly underWay: UnderWay;
  readonly isStopped: AbortSignal;
  /** `eventid` by which the bot closes a conversation, if it can. */
  readonly closeEventId: string | undefined;
  readonly changed: () => void;
}

interface Reading {
  readonly id: string;
  readonly post: BotPost;
  readonly target: Target | undefined;
  readonly fault: FaultEffect | undefined;
  /** By how much the answer's `Date` is off. */
  readonly skewMs: number;
  /** 1, or more when it has come before. */
  readonly arrival: number;
  /** What it would be answered without a fault. */
  readonly status: number;
  readonly isActedOn: boolean;
}

/** A post that a fault holds back. */
interface HeldPost {
  readonly lane: string;
  readonly act: () => void;
}

const MAX_KEYS = 10_000;
/** A bot's clock may be off by so much. */
const AHEAD_MS = 5 * 60_000;
/** Older stamps are more likely in another time zone than late. */
const BEHIND_MS = 2 * 3_600_000;
const SECRET_HEADERS = ['authorization', 'cookie', 'proxy-authorization'];
/** Faults under which the platform never gets to see what was sent, or acts as if. */
const NOT_ACTED_ON: readonly FaultEffect['kind'][] = ['refuse', 'timeOut', 'status'];
/** Faults under which the bot cannot know for sure that it was heard. */
const UNSURE: readonly FaultEffect['kind'][] = [...NOT_ACTED_ON, 'resetAfterSend', 'answerLate', 'truncate'];
const WORTH_RETRYING = [408, 425, 429];

/**
 * The webhook that the bot POSTs to. Assumptions: 200 and a `Messageid` for what can be understood, however wrong its
 * fields are; 404 for a conversation that the bot does not have; 400 for what cannot be understood at all. A repeat is
 * acted on again, for the platform documents no idempotency.
 */
export class BotPosts {
  readonly #parts: PostParts;
  /** How often each post has come, by its key or by what it says. */
  readonly #arrivals = new BoundedMap<string, number>(MAX_KEYS);
  /** How many posts have come that belong to no conversation of the bot. */
  #strays = 0;
  readonly #heldBack = new HeldBack<HeldPost>();

  constructor(parts: PostParts) {
    this.#parts = parts;
  }

  /** Acts on a post and answers it, or plays a fault. */
  receive(incoming: IncomingPost): Promise<PlatformAnswer> {
    return this.#parts.underWay.during(() => this.#receive(incoming));
  }

  /** Acts on a post of the log as if the bot had sent it again; the judge looks away. */
  replay(entry: PostFromBot): void {
    const post = this.#parse(entry.headers, entry.body);
    const target = this.#targetOf(post);
    if (target?.kind === 'bot') this.#act(post, target);
    this.#parts.wire.add({
      ...entry,
      id: this.#parts.wire.nextId(),
      at: this.#parts.clock.now(),
      problems: problemsOf(post, target),
      status: statusOf(post, target),
      tookMs: 0,
      fault: SENT_BY_HAND,
      isRepeat: false,
    });
    this.#parts.changed();
  }

  /** Lets go of what waits for another post, when no fault says so any more. */
  releaseHeldBack(): void {
    for (const { act } of this.#heldBack.takeAll()) act();
  }

  async #receive(incoming: IncomingPost): Promise<PlatformAnswer> {
    const started = performance.now();
    const at = this.#parts.clock.now();
    const headers = flatten(incoming.headers);
    const reading = this.#read(headers, incoming);
    const { post, fault } = reading;
    const facts = factsOf(reading);
    this.#parts.judge.receives(facts);
    const messageId = this.#actOn(reading);

    if (fault?.kind === 'answerLate') await realDelay(fault.delayMs, this.#parts.isStopped);
    const answer = this.#answer(reading, messageId, facts);
    this.#parts.wire.add({
      kind: 'fromBot',
      id: reading.id,
      at,
      conversationId: post.conversationId,
      eventId: post.eventId,
      body: incoming.body,
      headers: withoutSecrets(headers),
      problems: problemsOf(post, reading.target),
      status: answer.close === undefined ? answer.status : 0,
      tookMs: Math.round(performance.now() - started),
      fault: describeFaults(fault, reading.skewMs),
      isRepeat: post.key !== undefined && reading.arrival > 1,
    });
    this.#parts.changed();
    return answer;
  }

  #read(headers: Readonly<Record<string, string>>, { body, unreadable }: IncomingPost): Reading {
    const { wire, faults } = this.#parts;
    const parsed = this.#parse(headers, body);
    const post = unreadable === undefined ? parsed : { ...parsed, problems: [unreadable.problem] };
    const target = this.#targetOf(post);
    const arrival = this.#countArrival(post.key ?? fingerprint(body));
    const faultTarget: FaultTarget = {
      direction: 'fromBot',
      event: post.eventId ?? '',
      conversationIds: [post.conversationId],
      customer: target?.kind === 'bot' ? target.conversation.customer.name : undefined,
      attempt: arrival,
      identity: this.#identify(target),
    };
    const skewMs = faults.skewOf(faultTarget);
    const fault = faults.pick(faultTarget);
    const status = unreadable?.status ?? statusOf(post, target);
    const isActedOn = status === 200 && (fault === undefined || !NOT_ACTED_ON.includes(fault.kind));
    return { id: wire.nextId(), post, target, fault, skewMs, arrival, status, isActedOn };
  }

  #parse(headers: Readonly<Record<string, string>>, body: string): BotPost {
    return readBotPost(headers, body, this.#plausibleTimes(), this.#parts.closeEventId);
  }

  #countArrival(what: string): number {
    const arrival = (this.#arrivals.get(what) ?? 0) + 1;
    this.#arrivals.set(what, arrival);
    return arrival;
  }

  /** By the conversation's own count, so that others that overtake it change no draw. */
  #identify(target: Target | undefined): string {
    if (target?.kind !== 'bot') return `post  ${++this.#strays}`;
    const { conversation } = target;
    return `post ${conversation.id} ${++conversation.posts}`;
  }

  /** Stamps are the bot's; it may share the emulator's clock, or know nothing of its jumps. */
  #plausibleTimes(): { readonly earliest: number; readonly latest: number } {
    const { clock, faults } = this.#parts;
    const times = [clock.now(), clock.baseNow(), Date.now()];
    // After a fault a post may be as late as its retries.
    const hasReasonToBeLate = faults.haveBeenPlayed('fromBot');
    return {
      earliest: hasReasonToBeLate ? Number.NEGATIVE_INFINITY : Math.min(...times) - BEHIND_MS,
      latest: Math.max(...times) + AHEAD_MS,
    };
  }

  #targetOf({ conversationId, eventId }: BotPost): Target | undefined {
    if (conversationId === undefined) return undefined;
    const { conversations, closeEventId } = this.#parts;
    // What is closed may be closed again: the bot need not have heard that it was.
    const ended = eventId === closeEventId ? conversations.endedConversation(conversationId) : undefined;
    if (ended !== undefined) return { kind: 'bot', conversation: ended };
    return conversations.targetOf(conversationId);
  }

  /** @returns The `Messageid` of what the customer reads. */
  #actOn({ post, target, fault, isActedOn }: Reading): string | undefined {
    if (!isActedOn || target?.kind !== 'bot') return undefined;
    const lane = target.conversation.id;
    const messageId =
      post.eventId === '1001' ? this.#parts.chat.newMessageId(target.conversation) : undefined;
    if (fault?.kind === 'reorder') {
      this.#heldBack.add({ lane, act: () => this.#act(post, target, messageId) });
      return messageId;
    }
    this.#act(post, target, messageId);
    const copies = fault?.kind === 'duplicate' ? fault.copies : 0;
    for (let copy = 0; copy < copies; copy++) this.#act(post, target);
    for (const { act } of this.#heldBack.take(lane)) act();
    return messageId;
  }

  #act(post: BotPost, { conversation }: Extract<Target, { kind: 'bot' }>, messageId?: string): void {
    const { chat, closeEventId } = this.#parts;
    if (post.eventId === closeEventId) chat.end(conversation);
    if (post.eventId === '1001') chat.botWrites(conversation, post.text, messageId);
    if (post.eventId === '1002') chat.handOver(conversation, post.customParams);
  }

  #answer(reading: Reading, messageId: string | undefined, facts: PostFacts): PlatformAnswer {
    const { fault, skewMs, status } = reading;
    const lost = () => this.#parts.judge.answerLost(facts);
    if (fault?.kind === 'refuse' || fault?.kind === 'resetAfterSend') {
      return { status: 0, headers: {}, body: '', close: 'reset', lost };
    }
    if (fault?.kind === 'timeOut') return { status: 0, headers: {}, body: '', close: 'silent', lost };

    const headers = {
      'Content-Type': 'application/json',
      ...(fault?.kind === 'status' && fault.retryAfterSeconds !== undefined
        ? { 'Retry-After': String(fault.retryAfterSeconds) }
        : {}),
      ...(skewMs === 0 ? {} : { Date: new Date(this.#parts.clock.now() + skewMs).toUTCString() }),
    };
    if (fault?.kind === 'status')
      return { status: fault.status, headers, body: '{"error":"a fault of the emulator"}', lost };
    const body = JSON.stringify(
      status === 200
        ? { Messageid: messageId ?? '' }
        : { error: problemsOf(reading.post, reading.target).join(' ') },
    );
    const bytes = fault?.kind === 'truncate' ? Math.max(fault.bytes, 0) : body.length;
    return { status, headers, body: body.slice(0, bytes), lost };
  }
}

/** What the platform would answer. */
function statusOf({ eventId, conversationId }: BotPost, target: Target | undefined): number {
  if (eventId === undefined || conversationId === undefined) return 400;
  return target?.kind === 'bot' ? 200 : 404;
}

function problemsOf(post: BotPost, target: Target | undefined): readonly string[] {
  if (target === undefined || target.kind === 'bot') return post.problems;
  const whose = target.kind === 'agent' ? "an agent's" : 'unknown';
  return [...post.problems, `conversation_id ${post.conversationId ?? ''} is ${whose}.`];
}

function factsOf({ id, post, target, fault, status, isActedOn }: Reading): PostFacts {
  const { conversationId, eventId, text, stamp, key, problems } = post;
  return {
    entryId: id,
    conversationId,
    target: target?.kind ?? 'none',
    eventId,
    text,
    stamp,
    key,
    problems,
    isActedOn,
    isAnswered: status === 200 && (fault === undefined || !UNSURE.includes(fault.kind) || isWelcome(fault)),
    isRefusedForGood: fault?.kind === 'status' && isFinal(fault.status),
  };
}

/** The bot is told that all is well: that nothing was done is not its business. */
function isWelcome(fault: FaultEffect): boolean {
  return fault.kind === 'status' && fault.status < 300;
}

/** What a retry does not change. */
function isFinal(status: number): boolean {
  return status >= 300 && status <= 499 && !WORTH_RETRYING.includes(status);
}

function flatten(headers: IncomingPost['headers']): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), typeof value === 'string' ? value : value.join(', ')]],
  );
  return Object.fromEntries(entries);
}

/** The page and the REST API show everything that is in the log. */
function withoutSecrets(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, SECRET_HEADERS.includes(name) ? '…' : value]),
  );
}
