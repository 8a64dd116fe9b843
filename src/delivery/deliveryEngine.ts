import { randomUUID } from 'node:crypto';
import type { Clock, ClockTimer } from '../clock';
import { WebexConnectNotFoundError, WebexConnectNotRunningError } from '../errors';
import type {
  AcceptTerms,
  ClaimedTurn,
  ClaimTerms,
  DeliveryStore,
  DestinationHealth,
  NewInboxEvent,
  NewOutboxMessage,
  StageOutcome,
  StageTerms,
} from '../store/deliveryStore';
import { type AttemptWatcher, unwatched } from './attempt';
import type { DeliveryObserver } from './deliveryObserver';
import type { InboxSettings, SenderSettings, TurnSettings } from './deliverySettings';
import { InFlight } from './inFlight';
import { OutboxSender } from './outboxSender';
import { persist } from './persist';
import { withSoundTrace } from './traceContext';
import { type TurnRunner, TurnWorkers, type WorkerContext } from './turnWorkers';
import type { DestinationClient } from './webhookClient';

/** What the engine is made of. */
export interface DeliveryEngineParts {
  readonly store: DeliveryStore;
  readonly clock: Clock;
  readonly observer: DeliveryObserver;
  readonly inbox: InboxSettings;
  readonly turns: TurnSettings;
  readonly sender: SenderSettings;
  /** The places that messages go to, by name. */
  readonly clients: Readonly<Record<string, DestinationClient>>;
  /** Milliseconds for which a claim holds unless it is renewed. */
  readonly leaseMs: number;
  /** Milliseconds between looks at a shared store for the work of other processes. */
  readonly pollMs: number;
  readonly runTurn: TurnRunner;
  /** By default {@link unwatched}. */
  readonly watchAttempt?: AttemptWatcher;
}

/** What goes along with an event into its commit. */
export type AcceptWith = Pick<AcceptTerms, 'conversation' | 'transcript'>;

/** What goes along with messages into their commit. */
export type StageWith = Pick<StageTerms, 'gate' | 'transcript'>;

/** What became of an event at the store. */
export type Acceptance = 'stored' | 'duplicate' | 'full' | 'refused';

/** A lease is renewed this often before it runs out. */
const RENEWALS_PER_LEASE = 3;

/**
 * Takes events in, has their turns run, and delivers what the turns send. Knows the store's promises and the
 * invariants I1–I5 and I7, and nothing of Bot Framework.
 */
export class DeliveryEngine {
  readonly #parts: DeliveryEngineParts;
  readonly #worker = randomUUID();
  readonly #inFlight = new InFlight(() => this.#endHeartbeat());
  readonly #turns: TurnWorkers;
  readonly #context: WorkerContext;
  readonly #senders = new Map<string, OutboxSender>();
  #heartbeat: ClockTimer | undefined;
  #stopWatching = () => {};
  /** No lease of this worker was last prolonged before this. */
  #renewedAt = 0;
  #state: 'new' | 'running' | 'stopped' = 'new';

  constructor(parts: DeliveryEngineParts) {
    this.#parts = parts;
    this.#context = {
      store: parts.store,
      clock: parts.clock,
      observer: parts.observer,
      inFlight: this.#inFlight,
      claimTerms: () => this.#claimTerms(),
      reviveLeases: () => this.#reviveLeases(),
      pollMs: parts.store.isShared ? parts.pollMs : undefined,
      watchAttempt: parts.watchAttempt ?? unwatched,
    };
    this.#turns = new TurnWorkers(this.#context, parts.turns, parts.runTurn);
    for (const [destination, client] of Object.entries(parts.clients))
      this.addDestination(destination, client);
  }

  /** Opens the store, and carries on with what an earlier run has left. */
  async start(): Promise<void> {
    await this.#parts.store.open();
    for (const sender of this.#senders.values()) await sender.start();
    this.#stopWatching = this.#parts.store.watch(() => this.wake());
    this.#state = 'running';
    this.wake();
  }

  /**
   * Takes nothing more in, lets what is under way finish within `deadlineMs` milliseconds, gives the rest back to
   * the store and closes it.
   */
  async stop(deadlineMs: number): Promise<void> {
    if (this.#state !== 'running') return;
    this.#state = 'stopped';
    this.#stopWatching();
    this.#turns.stop();
    // What the last turns say is still sent: the senders go on until nothing is due.
    await this.#settledWithin(deadlineMs);
    for (const sender of this.#senders.values()) sender.stop();
    for (const sender of this.#senders.values()) sender.abort();
    this.#endHeartbeat();
    try {
      await this.#parts.store.releaseLeases(this.#worker);
    } finally {
      await this.#parts.store.close();
    }
  }

  /**
   * Stores an event; its turn begins after the caller had the chance to answer.
   *
   * @throws {WebexConnectNotRunningError} before `start` and after `stop`.
   */
  accept(event: NewInboxEvent, along: AcceptWith = {}): Promise<Acceptance> {
    return this.#inFlight.track(() => this.#accept(event, along));
  }

  async #accept(event: NewInboxEvent, along: AcceptWith): Promise<Acceptance> {
    this.#mustBeRunning();
    const { store, clock, inbox, observer } = this.#parts;
    const claim = this.#turns.claimTerms();
    const outcome = await store.accept(withSoundTrace(event), {
      now: clock.now(),
      maxBacklog: inbox.maxBacklog,
      dedupeWindowMs: inbox.dedupeWindowMs,
      claim,
      ...along,
    });
    if (outcome.status !== 'refused') observer.eventAccepted(outcome.status);
    if (outcome.status === 'stored') {
      this.#reportTranscript(event.conversationId, outcome.transcriptError);
      if (outcome.turn !== undefined) this.#turns.begin(outcome.turn);
      // A worker may have become free, and found nothing, while the event was being stored.
      if (claim === undefined) this.#turns.wake();
    }
    return outcome.status;
  }

  /**
   * Stores messages for delivery, in order, and sends them at once where nothing waits before them.
   *
   * @param turn The turn that sends them; `undefined` for proactive messages.
   * @returns `refused` when the gate is closed: then nothing was stored.
   * @throws {LeaseLostError} when the turn is no longer this process's.
   */
  stage(
    messages: readonly NewOutboxMessage[],
    turn: ClaimedTurn | undefined,
    along: StageWith = {},
  ): Promise<'staged' | 'refused'> {
    return this.#inFlight.track(() => this.#stage(messages, turn, along));
  }

  async #stage(
    messages: readonly NewOutboxMessage[],
    turn: ClaimedTurn | undefined,
    along: StageWith,
  ): Promise<'staged' | 'refused'> {
    this.#mustBeOpen();
    if (messages.length === 0 && along.gate === undefined) return 'staged';
    const senders = new Set(messages.map(({ destination }) => this.#sender(destination)));
    const reserved = [...senders].map((sender) => ({ sender, terms: sender.reserve() }));
    const claim = reserved.every(({ terms }) => terms !== undefined) ? reserved[0]?.terms : undefined;
    try {
      let outcome: StageOutcome;
      try {
        outcome = await this.#parts.store.stage(messages.map(withSoundTrace), { turn, claim, ...along });
      } finally {
        for (const { sender, terms } of reserved) if (terms !== undefined) sender.cancel();
      }
      if (outcome.status === 'refused') return 'refused';
      this.#parts.observer.messageStaged(messages.length);
      this.#reportTranscript(along.transcript?.[0]?.conversationId, outcome.transcriptError);
      for (const send of outcome.sends) this.#sender(send.message.destination).begin(send);
      // Nobody else looks: the probe may be overdue, or a connection have become free in the meantime.
      if (claim === undefined) for (const sender of senders) sender.wake();
      return 'staged';
    } finally {
      for (const sender of senders) sender.catchUp();
    }
  }

  /**
   * Adds a place that messages go to.
   *
   * @throws {TypeError} when there is one of that name.
   */
  addDestination(destination: string, client: DestinationClient): void {
    if (this.#senders.has(destination))
      throw new TypeError(`A destination is named '${destination}' already.`);
    const sender = new OutboxSender(this.#context, this.#parts.sender, destination, client, () =>
      this.#turns.wake(),
    );
    this.#senders.set(destination, sender);
    if (this.#state === 'running') void this.#inFlight.track(() => this.#startLate(destination, sender));
  }

  async #startLate(destination: string, sender: OutboxSender): Promise<void> {
    const { clock, observer } = this.#parts;
    await persist(
      clock,
      () => sender.start(),
      (error) => observer.storeFailed(`learning the health of ${destination}`, error),
    ).catch(() => {});
    sender.wake();
  }

  #reportTranscript(conversationId: string | undefined, error: string | undefined): void {
    if (error !== undefined) this.#parts.observer.transcriptFailed(conversationId ?? '', error);
  }

  /** Tries what a conversation's queues wait to send again, at once: what they wait for may be over. */
  async hasten(conversationId: string): Promise<void> {
    for (const destination of this.destinations)
      await this.#parts.store.expedite(destination, conversationId);
    this.wake();
  }

  /** Looks for work at once, as after an operator's replay. */
  wake(): void {
    this.#turns.wake();
    for (const sender of this.#senders.values()) sender.wake();
  }

  /** The names of the places that messages go to. */
  get destinations(): readonly string[] {
    return [...this.#senders.keys()];
  }

  health(destination: string): DestinationHealth {
    return this.#sender(destination).health;
  }

  /** @throws {WebexConnectNotFoundError} when no destination is named so. */
  async reactivate(destination: string): Promise<void> {
    this.#mustBeRunning();
    const sender = this.#senders.get(destination);
    if (sender === undefined) {
      throw new WebexConnectNotFoundError(
        `No destination is named '${destination}'. There are: ${this.destinations.join(', ')}.`,
      );
    }
    await sender.reactivate();
  }

  /** Resolves when no turn runs, nothing is on the wire, and nothing is due. */
  whenIdle(): Promise<void> {
    return this.#inFlight.settled();
  }

  #sender(destination: string): OutboxSender {
    const sender = this.#senders.get(destination);
    if (sender === undefined) throw new TypeError(`No destination is named '${destination}'.`);
    return sender;
  }

  #claimTerms(): ClaimTerms {
    const now = this.#parts.clock.now();
    if (this.#heartbeat === undefined) {
      this.#renewedAt = now;
      this.#beginHeartbeat();
    }
    return { worker: this.#worker, now, leaseMs: this.#parts.leaseMs };
  }

  /** Renews the leases for as long as something is under way; an idle adapter sets no timer. */
  #beginHeartbeat(): void {
    const beat = () => {
      this.#beginHeartbeat();
      void this.#inFlight.track(() => this.#beat());
    };
    const { clock, leaseMs } = this.#parts;
    this.#heartbeat = this.#inFlight.detach(() => clock.setTimer(leaseMs / RENEWALS_PER_LEASE, beat));
  }

  #endHeartbeat(): void {
    this.#heartbeat?.cancel();
    this.#heartbeat = undefined;
  }

  async #beat(): Promise<void> {
    try {
      await this.#renewLeases();
    } catch (error) {
      this.#parts.observer.storeFailed('renewing leases', error);
    }
  }

  async #renewLeases(): Promise<void> {
    const terms = this.#claimTerms();
    await this.#parts.store.renewLeases(terms);
    this.#renewedAt = terms.now;
  }

  /**
   * After a long failure of the store, or a leap of the clock, the leases of what still runs here have run out.
   * They are prolonged before this worker claims again, or it would run the same turn twice at the same time.
   */
  async #reviveLeases(): Promise<void> {
    const { clock, leaseMs } = this.#parts;
    if (clock.now() - this.#renewedAt >= leaseMs / 2) await this.#renewLeases();
  }

  async #settledWithin(deadlineMs: number): Promise<void> {
    const { clock } = this.#parts;
    let deadline: ClockTimer | undefined;
    const passed = new Promise<void>((resolve) => {
      deadline = clock.setTimer(deadlineMs, resolve);
    });
    await Promise.race([this.#inFlight.settled(), passed]);
    deadline?.cancel();
  }

  #mustBeRunning(): void {
    if (this.#state === 'running') return;
    throw new WebexConnectNotRunningError('The adapter is not running. Call adapter.start(logic) first.');
  }

  /** A turn that is under way may still send while the adapter stops. */
  #mustBeOpen(): void {
    if (this.#state === 'new') this.#mustBeRunning();
  }
}
