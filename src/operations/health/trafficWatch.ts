import type { Clock, ClockTimer } from '../../clock';
import { withinDeadline } from '../../delivery/withinDeadline';
import type { DeliveryStore } from '../../store/deliveryStore';
import { BestEffortRecord, type RecordShape } from './bestEffortRecord';
import { LAST_CALL_RECORD } from './reservedDestinations';

/** The last call is written down, and silence is looked at, this often in the time within which one is expected. */
const LOOKS = 10;
const LOOK_WITHIN_MS = 2000;

/** When Webex Connect has last called, in the shape of a destination's health, which only carries it. */
const LAST_CALL: RecordShape<number | undefined, number> = {
  name: LAST_CALL_RECORD,
  read: (health) => (health.status === 'inactive' ? health.since : undefined),
  write: (at = 0) => ({
    status: 'inactive',
    consecutiveFailures: 0,
    since: at,
    probeAt: at,
    reason: 'the last call of Webex Connect',
  }),
  apply: latest,
  merge: latest,
};

/** Who is told of silence. */
export interface TrafficListener {
  /** @param since Milliseconds since the epoch: the last call, or when this process began to listen. */
  readonly onSilence: (since: number) => void;
  readonly onReturn: () => void;
  readonly onStoreFailed: (error: unknown) => void;
}

/**
 * When Webex Connect has last called, and whether that is too long ago. When nobody expects traffic, nothing is
 * written and no timer set.
 */
export class TrafficWatch {
  readonly #clock: Clock;
  readonly #expectedWithinMs: number | undefined;
  readonly #listener: TrafficListener;
  readonly #record: BestEffortRecord<number | undefined, number>;
  #lastCallHere: number | undefined;
  #startedAt: number | undefined;
  #isSilent = false;
  #timer: ClockTimer | undefined;

  /** @param expectedWithinMs Milliseconds; `undefined` when silence is nothing to worry about. */
  constructor(
    parts: { readonly store: DeliveryStore; readonly clock: Clock },
    expectedWithinMs: number | undefined,
    listener: TrafficListener,
  ) {
    this.#clock = parts.clock;
    this.#expectedWithinMs = expectedWithinMs;
    this.#listener = listener;
    const onNews = () => this.#heard();
    this.#record = new BestEffortRecord(parts, LAST_CALL, undefined, onNews, listener.onStoreFailed);
  }

  /** Milliseconds since the epoch; `undefined` when no call is known of. */
  get lastCallAt(): number | undefined {
    const stored = this.#record.value;
    return this.#lastCallHere === undefined ? stored : latest(stored, this.#lastCallHere);
  }

  /** Since when nobody has called, when that is longer than it should be. */
  get silentSince(): number | undefined {
    const since = this.lastCallAt ?? this.#startedAt;
    if (since === undefined || this.#expectedWithinMs === undefined) return undefined;
    return this.#clock.now() - since >= this.#expectedWithinMs ? since : undefined;
  }

  async open(): Promise<void> {
    this.#startedAt = this.#clock.now();
    if (this.#expectedWithinMs === undefined) return;
    // A process that has just begun gives Webex Connect the whole time to call before anybody is alarmed.
    this.#arm(this.#expectedWithinMs);
    await this.#record.open();
  }

  close(): void {
    this.#startedAt = undefined;
    this.#timer?.cancel();
    this.#record.close();
  }

  /** Webex Connect has called. */
  called(): void {
    const now = this.#clock.now();
    this.#lastCallHere = now;
    if (this.#expectedWithinMs === undefined) return;
    const stored = this.#record.value ?? Number.NEGATIVE_INFINITY;
    if (now - stored >= this.#expectedWithinMs / LOOKS) this.#record.note(now);
    this.#heard();
  }

  #heard(): void {
    if (!this.#isSilent || this.silentSince !== undefined) return;
    this.#isSilent = false;
    this.#listener.onReturn();
  }

  #arm(delayMs: number): void {
    this.#timer = this.#clock.setTimer(delayMs, () => void this.#check());
  }

  async #check(): Promise<void> {
    // Another replica may have been called.
    await withinDeadline(this.#clock, LOOK_WITHIN_MS, this.#record.refresh(0));
    if (this.#startedAt === undefined || this.#expectedWithinMs === undefined) return;
    const { silentSince } = this;
    if (silentSince === undefined) {
      const since = this.lastCallAt ?? this.#startedAt;
      const remaining = since + this.#expectedWithinMs - this.#clock.now();
      this.#arm(Math.min(remaining, this.#expectedWithinMs));
      return;
    }
    if (!this.#isSilent) {
      this.#isSilent = true;
      this.#listener.onSilence(silentSince);
    }
    this.#arm(this.#expectedWithinMs / LOOKS);
  }
}

function latest(one: number | undefined, other: number): number {
  return one === undefined ? other : Math.max(one, other);
}
