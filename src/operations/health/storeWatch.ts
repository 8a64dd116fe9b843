import type { Clock, ClockTimer } from '../../clock';
import { withinDeadline } from '../../delivery/withinDeadline';
import { errorName } from '../../errors';
import type { DeliveryStore, StoreStats } from '../../store/deliveryStore';
import type { StoreReach } from './adapterHealth';
import { LookLimit } from './lookLimit';
import { PROBE_RECORD } from './reservedDestinations';

/** A store that takes longer than this to tell how it is counts as one that does not answer. */
const ANSWER_WITHIN_MS = 2000;
/** A probe that is late may still end well, but it is not waited for any longer than this. */
const GIVE_UP_AFTER_MS = 30_000;
const PROBE_EVERY_MS = 1000;

/** Who is told of the store. */
export interface StoreListener {
  readonly onLost: (error: string, since: number) => void;
  /** @param since When it was lost. */
  readonly onFound: (error: string, since: number) => void;
}

/**
 * Whether the store can be reached. While all is well nobody asks but {@link look}; as soon as something fails, the
 * store is probed every second, with a read and a write, until both succeed: a full disk can still be read.
 */
export class StoreWatch {
  readonly #store: DeliveryStore;
  readonly #clock: Clock;
  readonly #listener: StoreListener;
  readonly #limit: LookLimit;
  #reach: StoreReach = { kind: 'unknown' };
  #stats: StoreStats | undefined;
  #looking: Promise<StoreStats | undefined> | undefined;
  #isOpen = false;
  #isProbing = false;
  #timer: ClockTimer | undefined;

  constructor(store: DeliveryStore, clock: Clock, listener: StoreListener) {
    this.#store = store;
    this.#clock = clock;
    this.#listener = listener;
    this.#limit = new LookLimit(clock);
  }

  get reach(): StoreReach {
    return this.#reach;
  }

  /** The store is open: from now on it should answer. */
  open(): void {
    this.#isOpen = true;
    this.#reach = { kind: 'reachable', at: this.#clock.now() };
  }

  /** The store is about to be closed: nobody is told that it does not answer any more. */
  close(): void {
    this.#isOpen = false;
    this.#reach = { kind: 'unknown' };
    this.#timer?.cancel();
  }

  /**
   * What waits in the store: asked for at most ten times in a second, otherwise as of the last time. `undefined` when
   * it does not tell within two seconds, and at once while it is known not to. Never rejects.
   */
  async look(): Promise<StoreStats | undefined> {
    if (!this.#isOpen || this.#reach.kind === 'unreachable') return undefined;
    if (this.#looking === undefined && this.#stats !== undefined && !this.#limit.take()) return this.#stats;
    // One question serves all who ask while it is under way.
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<StoreStats | undefined> {
    const startedAt = this.#clock.now();
    const looked = await withinDeadline(this.#clock, ANSWER_WITHIN_MS, this.#ask());
    if (looked.kind === 'done') return looked.result;
    if (this.#isOpen) {
      this.#lost(nameOf(looked), startedAt);
      void this.#probe(startedAt);
    }
    return undefined;
  }

  /** Something went wrong with the store: it is probed. */
  suspect(): void {
    if (this.#isOpen) void this.#probe(this.#clock.now());
  }

  async #ask(): Promise<StoreStats> {
    const stats = await this.#store.stats();
    this.#stats = stats;
    if (this.#isOpen && this.#reach.kind === 'reachable')
      this.#reach = { kind: 'reachable', at: this.#clock.now() };
    return stats;
  }

  /** @param suspectedAt When the first failure was met. */
  async #probe(suspectedAt: number): Promise<void> {
    if (this.#isProbing) return;
    this.#isProbing = true;
    await this.#pursue(suspectedAt);
  }

  async #pursue(suspectedAt: number): Promise<void> {
    const isWell = await this.#isWell(suspectedAt);
    if (!this.#isOpen) return;
    if (!isWell) {
      this.#timer = this.#clock.setTimer(PROBE_EVERY_MS, () => void this.#pursue(suspectedAt));
      return;
    }
    this.#isProbing = false;
    this.#found();
  }

  async #isWell(suspectedAt: number): Promise<boolean> {
    const probe = Promise.all([this.#writeSomething(), this.#ask()]);
    const probed = await withinDeadline(this.#clock, ANSWER_WITHIN_MS, probe);
    if (probed.kind === 'done') return true;
    if (this.#isOpen) this.#lost(nameOf(probed), suspectedAt);
    if (probed.kind === 'failed') return false;
    // One probe at a time: a store that hangs must not be given more and more to do.
    return (await withinDeadline(this.#clock, GIVE_UP_AFTER_MS, probe)).kind === 'done';
  }

  /** Stores write only what changes, so it has to be something new each time. */
  async #writeSomething(): Promise<void> {
    const at = this.#clock.now();
    await this.#store.updateHealth(PROBE_RECORD, ({ consecutiveFailures }) => ({
      status: 'inactive',
      consecutiveFailures: (consecutiveFailures + 1) % 2,
      since: at,
      probeAt: at,
      reason: 'written to see whether the store can be written',
    }));
  }

  #lost(error: string, since: number): void {
    const before = this.#reach;
    if (before.kind === 'unreachable') {
      this.#reach = { ...before, error };
      return;
    }
    const lastReachedAt = before.kind === 'reachable' ? before.at : undefined;
    this.#reach = { kind: 'unreachable', since, error, lastReachedAt };
    this.#listener.onLost(error, since);
  }

  #found(): void {
    const before = this.#reach;
    this.#reach = { kind: 'reachable', at: this.#clock.now() };
    if (before.kind === 'unreachable') this.#listener.onFound(before.error, before.since);
  }
}

function nameOf(
  failed: { readonly kind: 'late' } | { readonly kind: 'failed'; readonly error: unknown },
): string {
  return failed.kind === 'late' ? `no answer within ${ANSWER_WITHIN_MS} ms` : errorName(failed.error);
}
