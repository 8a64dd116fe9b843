import type { MovableClock } from '../clock/movableClock';
import type { ConductJudge } from '../judge/conductJudge';
import type { Attempt, EventToBot, FaultEffect } from '../world';
import type { AttemptResult, AttemptRunner } from './attemptRunner';
import { Delivery, type OutgoingEvent } from './delivery';
import { describeFault, type Faults, SENT_BY_HAND } from './faults';
import { HeldBack } from './heldBack';
import type { Integration } from './integration';
import { Lanes } from './lanes';
import type { UnderWay } from './underWay';
import type { WireLog } from './wireLog';

/** What deliveries work with. */
export interface DeliveryParts {
  readonly clock: MovableClock;
  readonly integration: Integration;
  readonly faults: Faults;
  readonly judge: ConductJudge;
  readonly runner: AttemptRunner;
  readonly wire: WireLog;
  readonly underWay: UnderWay;
  readonly retryDelaysMs: readonly number[];
  readonly answerWithinMs: number;
  readonly changed: () => void;
}

/**
 * Delivers events to the bot. Assumptions: the events of a customer go out one after the other, but a failed one
 * holds up none that follow; its retries come when they come. While the integration is not active everything is
 * held, and goes out when it is active again.
 */
export class Deliveries {
  readonly #parts: DeliveryParts;
  readonly #lanes = new Lanes();
  readonly #heldBack = new HeldBack<Delivery>();
  /** Everything that is neither done nor under way, in the order in which it was written. */
  readonly #pending = new Set<Delivery>();

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Resolves when the first attempt is over, or the event is held. */
  send(event: OutgoingEvent): Promise<void> {
    const delivery = new Delivery(this.#parts.wire.nextId(), event);
    this.#parts.wire.add(delivery.entry);
    this.#pending.add(delivery);
    this.#parts.changed();
    return this.#inLane(delivery);
  }

  /** Sends the same bytes once more, whatever the integration's state, with no retries. */
  async resend(entry: EventToBot): Promise<void> {
    const origin = Delivery.of(entry);
    if (origin === undefined) throw new Error(`'${entry.id}' cannot be sent again.`);
    await this.#parts.underWay.during(() => this.#run(this.#copyOf(origin), undefined, SENT_BY_HAND));
  }

  /** Applies what the integration has become: holds everything, or lets it go. */
  integrationChanged(): void {
    for (const delivery of this.#pending) {
      if (!this.#parts.integration.isActive) this.#hold(delivery);
      else if (delivery.entry.state === 'held') void this.#inLane(delivery);
    }
  }

  /** Lets go of what waits for another event, when no fault says so any more. */
  releaseHeldBack(): void {
    for (const delivery of this.#heldBack.takeAll()) void this.#inLane(delivery);
  }

  /** When the next retry is due. */
  get nextRetryAt(): number | undefined {
    const due = [...this.#pending].flatMap(({ entry }) =>
      entry.state === 'retrying' ? (entry.dueAt ?? []) : [],
    );
    return due.length === 0 ? undefined : due.reduce((first, at) => Math.min(first, at));
  }

  async #inLane(delivery: Delivery): Promise<void> {
    if (delivery.isQueued) return;
    delivery.isQueued = true;
    delivery.entry.state = 'waiting';
    return this.#parts.underWay.during(() => this.#lanes.run(delivery.lane, () => this.#attempt(delivery)));
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { integration, runner } = this.#parts;
    delivery.isQueued = false;
    if (runner.isStopped) return;
    if (!integration.isActive) return this.#hold(delivery);

    const fault = delivery.wasHeldBack ? undefined : this.#pickFault(delivery);
    if (fault?.kind === 'reorder') {
      delivery.wasHeldBack = true;
      this.#heldBack.add(delivery);
      return;
    }
    const copies =
      fault?.kind === 'duplicate' ? Array.from({ length: fault.copies }, () => this.#copyOf(delivery)) : [];
    await Promise.all([
      this.#run(delivery, fault),
      ...copies.map((copy) => this.#run(copy, undefined, `a copy of ${delivery.entry.id}`)),
    ]);
    for (const waiting of this.#heldBack.take(delivery.lane)) await this.#attempt(waiting);
  }

  async #run(delivery: Delivery, fault: FaultEffect | undefined, remark?: string): Promise<void> {
    const { integration, runner, judge, clock, answerWithinMs, changed } = this.#parts;
    const { entry, facts } = delivery;
    const { generation } = integration;
    const at = clock.now();
    entry.state = 'underWay';
    entry.dueAt = undefined;
    changed();
    // What a fault keeps from the bot is not sent.
    if (fault?.kind !== 'refuse' && fault?.kind !== 'status') judge.sends(facts);
    const result = await runner.run(entry.body, fault);
    if (runner.isStopped) return;

    entry.attempts = [
      ...entry.attempts,
      toAttempt(entry.attempts.length + 1, at, result, remarksOn(delivery, result, remark)),
    ];
    delivery.wasHeldBack = false;
    judge.ends(facts, {
      tookMs: result.tookBotMs,
      wasCut: result.wasCut,
      token: result.token,
      isAccepted:
        result.problem === undefined && result.tookBotMs !== undefined && fault?.kind !== 'truncate',
      limitMs: answerWithinMs,
    });
    this.#settle(delivery, result);
    if (!delivery.isCopy) integration.attempted(generation, result.problem === undefined);
    changed();
  }

  #settle(delivery: Delivery, result: AttemptResult): void {
    const { entry, isCopy } = delivery;
    const isAnswered = result.problem === undefined;
    const retryIn = isAnswered || isCopy ? undefined : this.#parts.retryDelaysMs[entry.attempts.length - 1];
    if (retryIn === undefined) {
      entry.state = isAnswered ? 'answered' : 'gaveUp';
      this.#pending.delete(delivery);
      return;
    }

    entry.state = 'retrying';
    entry.dueAt = this.#parts.clock.now() + retryIn;
    delivery.alarm = this.#parts.clock.setAlarm(entry.dueAt, () => this.#inLane(delivery));
    if (!this.#parts.integration.isActive) this.#hold(delivery);
  }

  #hold(delivery: Delivery): void {
    const { entry } = delivery;
    if (entry.state === 'underWay') return;
    delivery.alarm?.cancel();
    entry.state = 'held';
    entry.dueAt = undefined;
    this.#heldBack.remove(delivery);
  }

  #copyOf(origin: Delivery): Delivery {
    const copy = origin.copy(this.#parts.wire.nextId());
    this.#parts.wire.add(copy.entry);
    return copy;
  }

  #pickFault({ entry, facts, customer }: Delivery): FaultEffect | undefined {
    return this.#parts.faults.pick({
      direction: 'toBot',
      event: entry.event,
      conversationIds: [entry.conversationId, facts.conversationId],
      customer,
      attempt: entry.attempts.length + 1,
      identity: facts.key,
    });
  }
}

/** All that was played on an attempt, in words. */
function remarksOn(
  delivery: Delivery,
  result: AttemptResult,
  remark: string | undefined,
): string | undefined {
  const heldBack = delivery.wasHeldBack ? describeFault({ kind: 'reorder' }) : undefined;
  const remarks = [result.fault, remark, heldBack, delivery.fault].filter((text) => text !== undefined);
  return remarks.length === 0 ? undefined : remarks.join(', ');
}

function toAttempt(number: number, at: number, result: AttemptResult, fault: string | undefined): Attempt {
  const { status, problem, answer, token, tookMs } = result;
  return { number, at, tookMs, status, problem, answer, token, fault };
}
