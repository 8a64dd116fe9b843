import type { Clock } from '../clock';
import { errorMessage, errorName } from '../errors';
import type { ClaimedTurn, ClaimTerms, DeliveryStore, TurnSettlement } from '../store/deliveryStore';
import type { AttemptWatcher } from './attempt';
import type { DeliveryObserver } from './deliveryObserver';
import type { TurnSettings } from './deliverySettings';
import type { InFlight } from './inFlight';
import { isTakenOver, persist } from './persist';
import { Pump } from './pump';

/** How a turn ended that did not fail. */
export type TurnEnd = Extract<TurnSettlement, { kind: 'completed' | 'held' }>;

/** Runs one turn; rejects when it failed and is to be run again. */
export type TurnRunner = (turn: ClaimedTurn) => Promise<TurnEnd>;

/** What {@link TurnWorkers} and the sender share. */
export interface WorkerContext {
  readonly store: DeliveryStore;
  readonly clock: Clock;
  readonly observer: DeliveryObserver;
  readonly inFlight: InFlight;
  readonly claimTerms: () => ClaimTerms;
  /** To be awaited before a claim that takes over what has run out: this worker must not take over from itself. */
  readonly reviveLeases: () => Promise<void>;
  /** Milliseconds between looks for the work of other processes; `undefined` when there are none. */
  readonly pollMs: number | undefined;
  readonly watchAttempt: AttemptWatcher;
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
  /** Whether work may lie in the store that nobody here was free to take when it was looked for, or was claimed. */
  #mayHaveMissed = false;
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
      context.pollMs,
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

  /**
   * Starts a claimed turn once the caller is done: the platform's answer goes out first (I10). Several claims under
   * way at once may bring more turns than there are free workers; what is too much goes back unused.
   */
  begin(turn: ClaimedTurn): void {
    if (this.#freeWorkers() <= 0) {
      this.#giveBack(turn);
      return;
    }
    this.#active++;
    void this.#context.inFlight.track(async () => {
      await new Promise(setImmediate);
      try {
        await this.#workThrough(turn);
      } finally {
        this.#active--;
        if (this.#mayHaveMissed) this.#pump.wake();
      }
    });
  }

  #giveBack(turn: ClaimedTurn): void {
    this.#mayHaveMissed = true;
    void this.#context.inFlight.track(async () => {
      await this.#settle(turn, { kind: 'released' }, () => undefined);
      this.#pump.wake();
    });
  }

  async #look(): Promise<number | undefined> {
    const { store } = this.#context;
    const free = this.#freeWorkers();
    if (free <= 0) {
      this.#mayHaveMissed = true;
      return undefined;
    }
    const terms = this.#context.claimTerms();
    await this.#context.reviveLeases();
    this.#mayHaveMissed = false;
    const turns = await store.claimTurns(free, terms);
    if (turns.length >= free) this.#mayHaveMissed = true;
    for (const turn of turns) this.begin(turn);
    // Asked for the moment of the claim: what has become due since then must not fall between the two.
    return turns.length < free ? store.nextTurnAt(terms.now) : undefined;
  }

  #freeWorkers(): number {
    return this.#isStopping ? 0 : this.#settings.maxConcurrent - this.#active;
  }

  async #workThrough(first: ClaimedTurn): Promise<void> {
    // The first turn is the caller's own event, as in every Bot Framework adapter; those behind it are not.
    let turn = await this.#work(first);
    while (turn !== undefined) turn = await this.#workDetached(turn);
  }

  #workDetached(turn: ClaimedTurn): Promise<ClaimedTurn | undefined> {
    return this.#context.inFlight.detach(() => this.#work(turn));
  }

  async #work(turn: ClaimedTurn): Promise<ClaimedTurn | undefined> {
    const settlement = await this.#run(turn);
    return this.#settle(turn, settlement, () => (this.#isStopping ? undefined : this.#context.claimTerms()));
  }

  async #settle(
    turn: ClaimedTurn,
    settlement: TurnSettlement,
    claimNext: () => ClaimTerms | undefined,
  ): Promise<ClaimedTurn | undefined> {
    const { store, clock, observer } = this.#context;
    try {
      const next = await persist(
        clock,
        () => store.settleTurn(turn, settlement, claimNext()),
        (error) => observer.storeFailed('ending a turn', error),
      );
      this.#report(turn, settlement);
      return next;
    } catch (error) {
      if (!isTakenOver(error)) throw error;
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
      return { kind: 'quarantined', at: clock.now(), reason, cause: reason };
    }
    try {
      return await this.#runTurn(turn);
    } catch (error) {
      const { id: eventId, conversationId } = turn.event;
      observer.turnFailed({ eventId, conversationId, attempt: turn.attempt, error });
      const at = clock.now();
      // The bot's own words may be the customer's.
      const cause = errorName(error);
      if (turn.attempt < maxAttempts) return { kind: 'retry', at, notBefore: at + retryDelayMs, cause };
      const reason = `the turn failed ${turn.attempt} times: ${cause}`;
      return { kind: 'quarantined', at, reason, details: errorMessage(error), cause };
    }
  }

  #report(turn: ClaimedTurn, settlement: TurnSettlement): void {
    const { observer } = this.#context;
    if (settlement.kind === 'completed') observer.turnCompleted();
    if (settlement.kind === 'retry' || settlement.kind === 'held') this.#pump.wake();
    if (settlement.kind !== 'quarantined') return;
    const { id: eventId, conversationId } = turn.event;
    observer.turnQuarantined({ eventId, conversationId, reason: settlement.reason });
  }
}
