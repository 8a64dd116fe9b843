import type { Clock } from '../clock';
import { errorMessage, LeaseLostError, StoreClosedError } from '../errors';
import type { ClaimedTurn, ClaimTerms, DeliveryStore, TurnSettlement } from '../store/deliveryStore';
import type { DeliveryObserver } from './deliveryObserver';
import type { TurnSettings } from './deliverySettings';
import type { InFlight } from './inFlight';
import { persist } from './persist';
import { Pump } from './pump';

/** Runs one turn; rejects when it failed and is to be run again. */
export type TurnRunner = (turn: ClaimedTurn) => Promise<void>;

/** What {@link TurnWorkers} and the sender share. */
export interface WorkerContext {
  readonly store: DeliveryStore;
  readonly clock: Clock;
  readonly observer: DeliveryObserver;
  readonly inFlight: InFlight;
  readonly claimTerms: () => ClaimTerms;
}

/**
 * Runs the turns of stored events: one at a time per conversation, in order of acceptance, other conversations
 * in parallel (I3). Every event ends completed or in quarantine (I2).
 */
export class TurnWorkers {
  readonly #context: WorkerContext;
  readonly #settings: TurnSettings;
  readonly #runTurn: TurnRunner;
  readonly #pump: Pump;
  #active = 0;
  #isStopping = false;

  constructor(context: WorkerContext, settings: TurnSettings, runTurn: TurnRunner) {
    this.#context = context;
    this.#settings = settings;
    this.#runTurn = runTurn;
    this.#pump = new Pump(
      context.clock,
      context.inFlight,
      () => this.#look(),
      (error) => context.observer.storeFailed('claiming turns', error),
    );
  }

  /** For a claim in the commit that stores an event; `undefined` while every worker is busy. */
  claimTerms(): ClaimTerms | undefined {
    return this.#freeWorkers() > 0 ? this.#context.claimTerms() : undefined;
  }

  wake(): void {
    this.#pump.wake();
  }

  stop(): void {
    this.#isStopping = true;
    this.#pump.stop();
  }

  /** Starts a claimed turn once the caller is done: the platform's answer goes out first (I10). */
  begin(turn: ClaimedTurn): void {
    this.#active++;
    void this.#context.inFlight.track(async () => {
      await new Promise(setImmediate);
      try {
        await this.#workThrough(turn);
      } finally {
        this.#active--;
        this.#pump.wake();
      }
    });
  }

  async #look(): Promise<number | undefined> {
    const { store, clock } = this.#context;
    const free = this.#freeWorkers();
    if (free <= 0) return undefined;
    const turns = await store.claimTurns(free, this.#context.claimTerms());
    for (const turn of turns) this.begin(turn);
    return turns.length < free ? store.nextTurnAt(clock.now()) : undefined;
  }

  #freeWorkers(): number {
    return this.#isStopping ? 0 : this.#settings.maxConcurrent - this.#active;
  }

  async #workThrough(first: ClaimedTurn): Promise<void> {
    let turn: ClaimedTurn | undefined = first;
    while (turn !== undefined) turn = await this.#work(turn);
  }

  async #work(turn: ClaimedTurn): Promise<ClaimedTurn | undefined> {
    const { store, clock, observer } = this.#context;
    try {
      const settlement = await this.#run(turn);
      const next = await persist(
        clock,
        () => store.settleTurn(turn, settlement, this.#isStopping ? undefined : this.#context.claimTerms()),
        (error) => observer.storeFailed('ending a turn', error),
      );
      this.#report(turn, settlement);
      return next;
    } catch (error) {
      if (!(error instanceof LeaseLostError) && !(error instanceof StoreClosedError)) throw error;
      observer.leaseLost(`the turn of event ${turn.event.id}`);
      return undefined;
    }
  }

  async #run(turn: ClaimedTurn): Promise<TurnSettlement> {
    const { clock, observer } = this.#context;
    const { maxAttempts, retryDelayMs } = this.#settings;
    if (this.#isStopping) return { kind: 'released' };
    if (turn.attempt > maxAttempts) {
      const reason = `the process or its lease ended in the middle of ${turn.attempt - 1} turns`;
      return { kind: 'quarantined', at: clock.now(), reason };
    }
    try {
      await this.#runTurn(turn);
      return { kind: 'completed' };
    } catch (error) {
      const { id: eventId, conversationId } = turn.event;
      observer.turnFailed({ eventId, conversationId, attempt: turn.attempt, error });
      if (turn.attempt < maxAttempts) return { kind: 'retry', notBefore: clock.now() + retryDelayMs };
      const reason = `the turn failed ${turn.attempt} times: ${errorMessage(error)}`;
      return { kind: 'quarantined', at: clock.now(), reason };
    }
  }

  #report(turn: ClaimedTurn, settlement: TurnSettlement): void {
    const { observer } = this.#context;
    if (settlement.kind === 'completed') observer.turnCompleted();
    if (settlement.kind === 'retry') this.#pump.wake();
    if (settlement.kind !== 'quarantined') return;
    const { id: eventId, conversationId } = turn.event;
    observer.turnQuarantined({ eventId, conversationId, reason: settlement.reason });
  }
}
