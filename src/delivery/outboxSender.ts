import { randomUUID } from 'node:crypto';
import { errorName } from '../errors';
import type {
  ClaimedSend,
  ClaimTerms,
  DestinationHealth,
  NewInboxEvent,
  OutboxMessage,
  SendSettlement,
} from '../store/deliveryStore';
import { HEALTHY } from '../store/deliveryStore';
import type { AttemptTrace } from './attempt';
import { conversationAfter } from './conversationAfter';
import { judgeHandoverSend } from './conversationVerdicts';
import type { SenderSettings } from './deliverySettings';
import { reactivateInStore } from './destinations';
import { isTakenOver, persist } from './persist';
import { Pump } from './pump';
import type { SendOutcome } from './sendOutcome';
import { decide, type SendDecision } from './settlement';
import type { WorkerContext } from './turnWorkers';
import type { DestinationClient } from './webhookClient';
import { healthAfter } from './webhookHealth';

const WITHDRAWN = 'withdrawn: the handover was over before it was sent';

/** What becomes of a message that was sent, or was tried to. */
type AttemptSettlement = Exclude<SendSettlement, { kind: 'released' }>;

/** `payload` of a `deliveryFailed` inbox event, as JSON. */
export interface DeliveryFailedPayload {
  readonly deadLetterId: string;
  readonly activityId: string;
  readonly reason: string;
  readonly attempts: number;
}

/**
 * Sends what waits for one destination: strictly in order per conversation (I5), at least once (I7), other
 * conversations in parallel. While the destination is inactive only a probe goes out.
 */
export class OutboxSender {
  readonly #context: WorkerContext;
  readonly #settings: SenderSettings;
  readonly #destination: string;
  readonly #client: DestinationClient;
  readonly #onNotice: () => void;
  readonly #pump: Pump;
  #health: DestinationHealth = HEALTHY;
  #healthReadAt = Number.NEGATIVE_INFINITY;
  #active = 0;
  /** Places kept free for what is being claimed: as it is staged, or by a look. */
  #reserved = 0;
  /** Whether messages may lie in the store that nobody here was free to take when they were looked for, or claimed. */
  #mayHaveMissed = false;
  #isStopping = false;

  /**
   * @param onNotice Called when an event for the bot was stored because a message was given up.
   */
  constructor(
    context: WorkerContext,
    settings: SenderSettings,
    destination: string,
    client: DestinationClient,
    onNotice: () => void,
  ) {
    this.#context = context;
    this.#settings = settings;
    this.#destination = destination;
    this.#client = client;
    this.#onNotice = onNotice;
    this.#pump = new Pump(
      context.clock,
      context.inFlight,
      () => this.#look(),
      (error) => context.observer.storeFailed('claiming messages', error),
      context.pollMs,
    );
  }

  get health(): DestinationHealth {
    return this.#health;
  }

  async start(): Promise<void> {
    this.#health = await this.#context.store.loadHealth(this.#destination);
  }

  /**
   * Keeps a place free for a claim in the commit that stages messages, until {@link cancel} gives it up: more claims than
   * places would have to be given back.
   *
   * @returns `undefined` while nothing may be sent.
   */
  reserve(): ClaimTerms | undefined {
    const maySend = this.#health.status === 'active' && this.#claimLimit() > 0;
    if (!maySend) return undefined;
    this.#reserved++;
    return this.#context.claimTerms();
  }

  /** Gives up a place that was reserved; what was claimed for it begins right after. */
  cancel(): void {
    this.#reserved--;
  }

  /** Looks for what nobody was free to take while places were reserved, if there is a place now. */
  catchUp(): void {
    if (this.#mayHaveMissed && this.#claimLimit() > 0) this.#pump.wake();
  }

  /**
   * Sends a claimed message, and what follows it in its lane. Several claims under way at once may bring more than
   * may be sent, and the destination may have turned inactive since: what is too much goes back unsent.
   */
  begin(send: ClaimedSend): void {
    if (this.#claimLimit() <= 0) {
      this.#giveBack(send);
      return;
    }
    this.#active++;
    void this.#context.inFlight.track(async () => {
      try {
        await this.#workThrough(send);
      } finally {
        this.#active--;
        if (this.#mayHaveMissed) this.#pump.wake();
      }
    });
  }

  wake(): void {
    this.#pump.wake();
  }

  stop(): void {
    this.#isStopping = true;
    this.#pump.stop();
  }

  /** Cuts what is on the wire. */
  abort(): void {
    this.#client.close();
  }

  /** Takes the destination for healthy again; everything that waits drains in order. */
  async reactivate(): Promise<void> {
    await this.#adopt(await reactivateInStore(this.#context.store, this.#destination));
    this.wake();
  }

  #giveBack(send: ClaimedSend): void {
    this.#mayHaveMissed = true;
    const { store, clock, observer, inFlight } = this.#context;
    const terms = { updateHealth: (health: DestinationHealth) => health, claimNext: undefined };
    const write = () => store.settleSend(send, { kind: 'released' }, terms);
    void inFlight.track(async () => {
      try {
        await persist(clock, write, (reason) => observer.storeFailed('giving a message back', reason));
      } catch (reason) {
        this.#mustBeLeaseLost(send, reason);
      }
      this.#pump.wake();
    });
  }

  async #look(): Promise<number | undefined> {
    const { store, clock } = this.#context;
    await this.#learnHealth();
    if (this.#health.status === 'inactive') {
      if (clock.now() < this.#health.probeAt) return this.#health.probeAt;
      // A probe does not wait for a message's own retry.
      await store.expedite(this.#destination);
    }
    const terms = this.#context.claimTerms();
    await this.#context.reviveLeases();
    // Half of what is free: who stages a message meanwhile takes it along, or each look would leave work to the next.
    const limit = Math.ceil(this.#claimLimit() / 2);
    if (limit <= 0) {
      this.#mayHaveMissed = true;
      return undefined;
    }
    this.#mayHaveMissed = false;
    const begun = await this.#claimAndBegin(limit, terms);
    // Asked for the moment of the claim: what has become due since then must not fall between the two.
    if (begun < limit) return store.nextSendAt(this.#destination, terms.now);
    this.#mayHaveMissed = true;
    this.catchUp();
    return undefined;
  }

  /** Keeps places free meanwhile, as {@link reserve} does: what is staged in between would take them, and these go back. */
  async #claimAndBegin(limit: number, terms: ClaimTerms): Promise<number> {
    this.#reserved += limit;
    let sends: readonly ClaimedSend[] = [];
    try {
      sends = await this.#context.store.claimSends(this.#destination, limit, terms);
    } finally {
      this.#reserved -= limit;
    }
    for (const send of sends) this.begin(send);
    return sends.length;
  }

  /** Other processes may have found the destination dead, or alive again. */
  async #learnHealth(): Promise<void> {
    const { store, clock, pollMs } = this.#context;
    if (pollMs === undefined || clock.now() < this.#healthReadAt + pollMs) return;
    this.#healthReadAt = clock.now();
    await this.#adopt(await store.loadHealth(this.#destination));
  }

  /** How many more messages may go on the wire; while the destination is inactive, one probe at a time. */
  #claimLimit(): number {
    if (this.#isStopping) return 0;
    if (this.#health.status === 'active') return this.#settings.maxConcurrent - this.#active - this.#reserved;
    return this.#active === 0 && this.#context.clock.now() >= this.#health.probeAt ? 1 : 0;
  }

  async #workThrough(first: ClaimedSend): Promise<void> {
    let send = await this.#attempt(first);
    while (send !== undefined) send = await this.#attemptDetached(send);
  }

  #attemptDetached(send: ClaimedSend): Promise<ClaimedSend | undefined> {
    return this.#context.inFlight.detach(() => this.#attempt(send));
  }

  async #attempt(send: ClaimedSend): Promise<ClaimedSend | undefined> {
    try {
      const { role } = send.message;
      const moot = role === 'message' ? undefined : await this.#settlementOfMoot(send.message, role);
      return await (moot === undefined ? this.#deliver(send) : this.#putAside(send, moot));
    } catch (error) {
      this.#mustBeLeaseLost(send, error);
      return undefined;
    }
  }

  async #deliver(send: ClaimedSend): Promise<ClaimedSend | undefined> {
    const isProbe = this.#health.status === 'inactive';
    const outcome = await this.#context.watchAttempt(send, (trace) => this.#sendSafely(send.message, trace));
    const circumstances = { attempt: send.attempt, isProbe: isProbe || this.#isStopping };
    const decision = decide(outcome, circumstances, this.#settings, this.#context.clock);
    return this.#settle(send, outcome, decision);
  }

  /** A client may be anybody's. Whether it has sent anything is unknown when it fails. */
  async #sendSafely(message: OutboxMessage, trace: AttemptTrace): Promise<SendOutcome> {
    try {
      return await this.#client.send(message, trace);
    } catch (error) {
      const reason = `the client of '${this.#destination}' has failed: ${errorName(error)}`;
      return { kind: 'failed', reason, isAmbiguous: true, retryAfterMs: undefined };
    }
  }

  /** A handover that waited for its turn may be over by now; `undefined` for what is to be sent. */
  async #settlementOfMoot(
    { conversationId, activityId }: OutboxMessage,
    role: Exclude<OutboxMessage['role'], 'message'>,
  ): Promise<SendSettlement | undefined> {
    const { store, clock, observer } = this.#context;
    const record = await persist(
      clock,
      () => store.findConversation(conversationId),
      (error) => observer.storeFailed('looking at a handover', error),
    );
    const at = clock.now();
    switch (judgeHandoverSend(record, activityId, role)) {
      case 'send':
        return undefined;
      case 'delivered':
        return { kind: 'delivered', at, platformMessageId: undefined };
      case 'withdrawn':
        return { kind: 'dead', at, reason: WITHDRAWN, isAmbiguous: false, notice: undefined };
    }
  }

  /** Ends a message without having sent it: that says nothing of the destination. */
  async #putAside(send: ClaimedSend, settlement: SendSettlement): Promise<ClaimedSend | undefined> {
    const { store, clock, observer } = this.#context;
    const claimNext = this.#isStopping ? undefined : this.#context.claimTerms();
    const write = () => store.settleSend(send, settlement, { updateHealth: (health) => health, claimNext });
    const { next } = await persist(clock, write, (error) => observer.storeFailed('recording a send', error));
    return next;
  }

  #mustBeLeaseLost(send: ClaimedSend, error: unknown): void {
    if (!isTakenOver(error)) throw error;
    this.#context.observer.leaseLost(`message ${send.message.id}`);
  }

  async #settle(
    send: ClaimedSend,
    outcome: SendOutcome,
    decision: SendDecision,
  ): Promise<ClaimedSend | undefined> {
    const { store, clock, observer } = this.#context;
    const settlement = this.#withNotice(send, decision);
    const conversation = conversationAfter(send, settlement);
    const { health, next } = await persist(
      clock,
      () =>
        store.settleSend(send, settlement, {
          updateHealth: (current) => healthAfter(current, outcome, clock.now(), this.#settings),
          claimNext: this.#termsAfter(outcome),
          conversation,
        }),
      (error) => observer.storeFailed('recording a send', error),
    );
    this.#report(send, settlement);
    // When it is due again, or may be probed, is still to be learned.
    if (settlement.kind !== 'delivered') this.#mayHaveMissed = true;
    const wakingOthers = this.#adopt(health);
    if (wakingOthers !== undefined) await wakingOthers;
    return next;
  }

  /** This worker goes on with its lane only when the attempt showed that the destination is there. */
  #termsAfter(outcome: SendOutcome): ClaimTerms | undefined {
    const isAlive =
      outcome.kind === 'accepted' || (outcome.kind === 'refused' && outcome.blames === 'message');
    return isAlive && !this.#isStopping ? this.#context.claimTerms() : undefined;
  }

  #withNotice(send: ClaimedSend, decision: SendDecision): AttemptSettlement {
    if (decision.kind !== 'dead') return decision;
    const at = this.#context.clock.now();
    const notice = send.message.reportsFailure ? this.#notice(send, decision.reason, at) : undefined;
    return { ...decision, at, notice };
  }

  #notice(send: ClaimedSend, reason: string, at: number): NewInboxEvent {
    const { id, activityId, conversationId, traceContext } = send.message;
    const payload: DeliveryFailedPayload = { deadLetterId: id, activityId, reason, attempts: send.attempt };
    return {
      id: randomUUID(),
      conversationId,
      source: 'deliveryFailed',
      payload: JSON.stringify(payload),
      dedupeKey: undefined,
      receivedAt: at,
      traceContext,
    };
  }

  #report(send: ClaimedSend, settlement: AttemptSettlement): void {
    const { observer } = this.#context;
    if (settlement.kind === 'delivered') {
      observer.messageDelivered();
      return;
    }
    observer.sendFailed({
      messageId: send.message.id,
      conversationId: send.message.conversationId,
      attempt: send.attempt,
      reason: settlement.kind === 'dead' ? settlement.reason : settlement.error,
      isAmbiguous: settlement.isAmbiguous,
      next: settlement.kind,
    });
    if (settlement.kind === 'dead') this.#onNotice();
  }

  /** @returns What is to be waited for: other lanes are woken when the destination is active again. */
  #adopt(health: DestinationHealth): Promise<void> | undefined {
    const before = this.#health;
    this.#health = health;
    const { observer } = this.#context;
    if (!isSameHealth(before, health)) observer.healthChanged(this.#destination, health);
    if (before.status === 'active' && health.status === 'inactive') {
      observer.webhookInactive(this.#destination, health.reason);
    }
    return before.status === 'inactive' && health.status === 'active' ? this.#wakeOthers() : undefined;
  }

  /** The other lanes must not wait until the probe's own lane is empty. */
  async #wakeOthers(): Promise<void> {
    const { observer, clock, store } = this.#context;
    observer.webhookActive(this.#destination);
    await persist(
      clock,
      () => store.expedite(this.#destination),
      (error) => observer.storeFailed('waking messages', error),
    );
    this.wake();
  }
}

function isSameHealth(one: DestinationHealth, other: DestinationHealth): boolean {
  return one.status === other.status && one.consecutiveFailures === other.consecutiveFailures;
}
