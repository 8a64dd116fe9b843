import type { Clock, ClockTimer } from '../../clock';
import type { DeliveryStore } from '../../store/deliveryStore';
import { BestEffortRecord } from './bestEffortRecord';
import { changeOfAnswer, PLATFORM_SHAPE, type PlatformChange, type PlatformRun } from './platformRun';

/** How old the knowledge of what other replicas have answered may become. */
const SHARED_FOR_MS = 5000;
/** Until then another replica's success may turn up that came in between, so nobody is alarmed. */
const DOUBTED_FOR_MS = 2 * SHARED_FOR_MS;

/** Who is told how Webex Connect sees this bot. */
export interface PlatformListener {
  /** The failures in a row that an earlier life of the bot, or another replica, has left. */
  readonly onRestored: (run: PlatformRun) => void;
  readonly onChange: (run: PlatformRun) => void;
  /** A try to write it down has failed; it goes on trying. */
  readonly onStoreFailed: (error: unknown) => void;
}

/**
 * How Webex Connect sees this bot: its failures in a row, by what authenticated POSTs were answered.
 *
 * Replicas add their failures up in one record of the shared store, and a success of any of them that knows of
 * failures forgets them. A replica with traffic looks at the record every five seconds, so the failures of another are
 * forgotten that soon; until then the count may be higher than the platform's own. Hence nobody is told of a run that
 * is younger than ten seconds.
 */
export class PlatformWatch {
  readonly #clock: Clock;
  readonly #isShared: boolean;
  readonly #listener: PlatformListener;
  readonly #record: BestEffortRecord<PlatformRun, PlatformChange>;
  #lastSuccessAt = Number.NEGATIVE_INFINITY;
  #doubt: ClockTimer | undefined;

  constructor(parts: { readonly store: DeliveryStore; readonly clock: Clock }, listener: PlatformListener) {
    this.#clock = parts.clock;
    this.#isShared = parts.store.isShared;
    this.#listener = listener;
    this.#record = new BestEffortRecord(
      parts,
      PLATFORM_SHAPE,
      undefined,
      (news, stored) => {
        if (news === 'restored') listener.onRestored(stored);
        this.#forgetOlder();
        this.#tell();
      },
      listener.onStoreFailed,
    );
  }

  get run(): PlatformRun {
    return this.#record.value;
  }

  /** Reads what an earlier life has left. Resolves whatever the store says. */
  open(): Promise<void> {
    return this.#record.open();
  }

  close(): void {
    this.#record.close();
    this.#endDoubt();
  }

  /** Looks, in the background, at what other replicas have answered. */
  refresh(): void {
    void this.#record.refresh(SHARED_FOR_MS);
  }

  /** @param status What an authenticated POST was answered. */
  answered(status: number): void {
    const isSuccess = status >= 200 && status < 300;
    const now = this.#clock.now();
    if (isSuccess) this.#lastSuccessAt = now;
    // While all goes well nothing is written.
    if (!isSuccess || this.run !== undefined) {
      this.#record.note(changeOfAnswer(isSuccess, now));
      this.#tell();
    }
    this.refresh();
  }

  #tell(): void {
    this.#endDoubt();
    const { run } = this;
    const doubtMs = run === undefined ? 0 : run.since + DOUBTED_FOR_MS - this.#clock.now();
    if (!this.#isShared || doubtMs <= 0) {
      this.#listener.onChange(run);
      return;
    }
    this.#doubt = this.#clock.setTimer(doubtMs, () => this.#tell());
  }

  #endDoubt(): void {
    this.#doubt?.cancel();
    this.#doubt = undefined;
  }

  /** Another replica has failed before this one succeeded: so the platform has seen a success since. */
  #forgetOlder(): void {
    const { run } = this;
    if (run === undefined || run.lastAt >= this.#lastSuccessAt || !this.#record.isSettled) return;
    this.#record.note({ forgets: { olderThan: this.#lastSuccessAt }, failed: undefined });
  }
}
