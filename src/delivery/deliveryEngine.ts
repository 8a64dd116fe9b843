import { randomUUID } from 'node:crypto';
import type { Clock, ClockTimer } from '../clock';
import { WebexConnectNotRunningError } from '../errors';
import type {
  ClaimedTurn,
  ClaimTerms,
  DeliveryStore,
  DestinationHealth,
  NewInboxEvent,
  NewOutboxMessage,
} from '../store/deliveryStore';
import type { DeliveryObserver } from './deliveryObserver';
import type { InboxSettings, SenderSettings, TurnSettings } from './deliverySettings';
import { InFlight } from './inFlight';
import { OutboxSender } from './outboxSender';
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
  readonly runTurn: TurnRunner;
}

/** A lease is renewed this often before it runs out. */
const RENEWALS_PER_LEASE = 3;

/**
 * Takes events in, has their turns run, and delivers what the turns send. Knows the store's promises and the
 * invariants I1–I5 and I7, and nothing of Bot Framework.
 */
export class DeliveryEngine {
  readonly #parts: DeliveryEngineParts;
  readonly #worker = randomUUID();
  readonly #inFlight = new InFlight();
  readonly #turns: TurnWorkers;
  readonly #senders: ReadonlyMap<string, OutboxSender>;
  #heartbeat: ClockTimer | undefined;
  #state: 'new' | 'running' | 'stopped' = 'new';

  constructor(parts: DeliveryEngineParts) {
    this.#parts = parts;
    const context: WorkerContext = {
      store: parts.store,
      clock: parts.clock,
      observer: parts.observer,
      inFlight: this.#inFlight,
      claimTerms: () => this.#claimTerms(),
    };
    this.#turns = new TurnWorkers(context, parts.turns, parts.runTurn);
    this.#senders = new Map(
      Object.entries(parts.clients).map(([destination, client]) => [
        destination,
        new OutboxSender(context, parts.sender, destination, client, () => this.#turns.wake()),
      ]),
    );
  }

  /** Opens the store, and carries on with what an earlier run has left. */
  async start(): Promise<void> {
    await this.#parts.store.open();
    this.#state = 'running';
    for (const sender of this.#senders.values()) await sender.start();
    this.#turns.wake();
  }

  /**
   * Takes nothing more in, lets what is under way finish within `deadlineMs` milliseconds, gives the rest back to
   * the store and closes it.
   */
  async stop(deadlineMs: number): Promise<void> {
    if (this.#state !== 'running') return;
    this.#state = 'stopped';
    this.#turns.stop();
    for (const sender of this.#senders.values()) sender.stop();
    await this.#settledWithin(deadlineMs);
    for (const sender of this.#senders.values()) sender.abort();
    this.#heartbeat?.cancel();
    await this.#parts.store.releaseLeases(this.#worker);
    await this.#parts.store.close();
  }

  /**
   * Stores an event; its turn begins after the caller had the chance to answer.
   *
   * @throws {WebexConnectNotRunningError} before `start` and after `stop`.
   */
  async accept(event: NewInboxEvent): Promise<'stored' | 'duplicate' | 'full'> {
    this.#mustBeRunning();
    return this.#inFlight.track(() => this.#accept(event));
  }

  async #accept(event: NewInboxEvent): Promise<'stored' | 'duplicate' | 'full'> {
    const { store, clock, inbox, observer } = this.#parts;
    const outcome = await store.accept(event, {
      now: clock.now(),
      maxBacklog: inbox.maxBacklog,
      dedupeWindowMs: inbox.dedupeWindowMs,
      claim: this.#turns.claimTerms(),
    });
    observer.eventAccepted(outcome.status);
    if (outcome.status === 'stored' && outcome.turn !== undefined) this.#turns.begin(outcome.turn);
    return outcome.status;
  }

  /**
   * Stores messages for delivery, in order, and sends them at once where nothing waits before them.
   *
   * @param turn The turn that sends them; `undefined` for proactive messages.
   * @throws {LeaseLostError} when the turn is no longer this process's.
   */
  async stage(messages: readonly NewOutboxMessage[], turn: ClaimedTurn | undefined): Promise<void> {
    this.#mustBeOpen();
    const [first] = messages;
    if (first === undefined) return;
    await this.#inFlight.track(() => this.#stage(messages, first.destination, turn));
  }

  async #stage(
    messages: readonly NewOutboxMessage[],
    destination: string,
    turn: ClaimedTurn | undefined,
  ): Promise<void> {
    const sender = this.#sender(destination);
    const sends = await this.#parts.store.stage(messages, { turn, claim: sender.claimTerms() });
    this.#parts.observer.messageStaged(messages.length);
    for (const send of sends) sender.begin(send);
  }

  /** Looks for work at once, as after an operator's replay. */
  wake(): void {
    this.#turns.wake();
    for (const sender of this.#senders.values()) sender.wake();
  }

  health(destination: string): DestinationHealth {
    return this.#sender(destination).health;
  }

  async reactivate(destination: string): Promise<void> {
    this.#mustBeRunning();
    await this.#sender(destination).reactivate();
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
    this.#keepLeases();
    return { worker: this.#worker, now: this.#parts.clock.now(), leaseMs: this.#parts.leaseMs };
  }

  /** Renews the leases for as long as something is under way; an idle adapter sets no timer. */
  #keepLeases(): void {
    if (this.#heartbeat !== undefined) return;
    const heartbeat = this.#parts.clock.setTimer(this.#parts.leaseMs / RENEWALS_PER_LEASE, () => {
      this.#heartbeat = undefined;
      void this.#inFlight.track(() => this.#renewLeases());
    });
    this.#heartbeat = heartbeat;
    void this.#inFlight.settled().then(() => {
      heartbeat.cancel();
      if (this.#heartbeat === heartbeat) this.#heartbeat = undefined;
    });
  }

  async #renewLeases(): Promise<void> {
    try {
      await this.#parts.store.renewLeases(this.#claimTerms());
    } catch (error) {
      this.#parts.observer.storeFailed('renewing leases', error);
    }
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
