import type { Clock } from '../../clock';
import type { Logger } from '../../logger';
import type { StoreStats } from '../../store/deliveryStore';
import type { DestinationReport } from './adapterHealth';
import { adviceAfter, adviceOf } from './advice';
import { type AlertState, alertAfter, CALM, type Reading, thresholdOf } from './alertLevels';
import type { BacklogEvent, FailingSubject, HealthEvent, HealthSubject } from './healthEvents';
import type { HealthListeners } from './healthListeners';
import { PLATFORM_FAILURE_LIMIT, type PlatformRun } from './platformRun';
import {
  backlogOf,
  failuresOf,
  inactivityOf,
  lossOf,
  placeOf,
  platformFailuresOf,
  silenceOf,
} from './wording';

/** A backlog is well again below this share of its limit, so that one that sways around a half tells nothing twice. */
const CALM_BACKLOG = 0.4;

/** What there is to say of a thing, whichever way it goes. */
interface Words {
  readonly trouble: string;
  readonly recovery: string;
}

type Outline = Pick<HealthEvent, 'level' | 'percent' | 'message' | 'advice' | 'since' | 'at'>;

/** Turns readings into events for `adapter.on('health', …)`: each threshold once on the way up, and each recovery. */
export class HealthAlerts {
  readonly #clock: Clock;
  readonly #listeners: HealthListeners;
  readonly #logger: Logger;
  readonly #states = new Map<HealthSubject, AlertState>();

  constructor(clock: Clock, listeners: HealthListeners, logger: Logger) {
    this.#clock = clock;
    this.#listeners = listeners;
    this.#logger = logger;
  }

  /** Whether something was told of it, and not yet that it is well again. */
  isRaised(subject: HealthSubject): boolean {
    return (this.#states.get(subject)?.reached ?? 0) > 0;
  }

  /** Failures in a row that an earlier life of the bot has told of already. */
  remember(subject: FailingSubject, failures: number, limit: number, since: number | undefined): void {
    const before = this.#states.get(subject) ?? CALM;
    const threshold = thresholdOf(failures, limit);
    if (threshold > before.reached) this.#states.set(subject, { reached: threshold, since });
  }

  /** @param name The destination's, of a bridge. */
  destination(subject: 'webhook' | `bridge:${string}`, report: DestinationReport): void {
    const { consecutiveFailures: failures, limit } = report;
    const what = placeOf(subject.replace(/^bridge:/, ''));
    const trouble =
      report.status === 'inactive' ? inactivityOf(what, report, limit) : failuresOf(what, failures, limit);
    const words = { trouble, recovery: `${what} accepts messages again` };
    this.#note(subject, { value: failures, limit, calmAt: 0 }, words, (outline) => ({
      ...outline,
      subject,
      failures,
      limit,
    }));
  }

  platform(run: PlatformRun): void {
    const failures = run?.failures ?? 0;
    const reading = { value: failures, limit: PLATFORM_FAILURE_LIMIT, calmAt: 0, since: run?.since };
    const words = {
      trouble: platformFailuresOf(failures),
      recovery: 'Webex Connect was answered with success again',
    };
    this.#note('platform', reading, words, (outline) => ({
      ...outline,
      subject: 'platform',
      failures,
      limit: PLATFORM_FAILURE_LIMIT,
    }));
  }

  backlog({ waitingEvents, waitingMessages }: StoreStats, limit: number): void {
    this.#waiting('waitingEvents', waitingEvents, limit);
    this.#waiting('waitingMessages', waitingMessages, limit);
  }

  /** An event was refused because as many as may wait do. */
  backlogIsFull(limit: number): void {
    this.#waiting('waitingEvents', limit, limit);
  }

  #waiting(subject: BacklogEvent['subject'], waiting: number, limit: number): void {
    const words = {
      trouble: backlogOf(subject, waiting, limit),
      recovery: backlogOf(subject, waiting, limit),
    };
    const reading = { value: waiting, limit, calmAt: limit * CALM_BACKLOG };
    this.#note(subject, reading, words, (outline) => ({ ...outline, subject, waiting, limit }));
  }

  store(isLost: boolean, error: string, since: number): void {
    const words = { trouble: lossOf(error, since), recovery: 'the store answers again' };
    const reading = { value: isLost ? 1 : 0, limit: 1, calmAt: 0, since };
    this.#note('store', reading, words, (outline) => ({ ...outline, subject: 'store', error }));
  }

  /** @param silentSince `undefined` when Webex Connect has called. */
  traffic(silentSince: number | undefined, expectedWithinMs: number): void {
    const words = {
      trouble: silenceOf(silentSince ?? this.#clock.now()),
      recovery: 'Webex Connect calls again',
    };
    const reading = { value: silentSince === undefined ? 0 : 1, limit: 1, calmAt: 0, since: silentSince };
    this.#note('traffic', reading, words, (outline) => ({
      ...outline,
      subject: 'traffic',
      expectedWithinMs,
    }));
  }

  #note(
    subject: HealthSubject,
    reading: Reading,
    words: Words,
    toEvent: (outline: Outline) => HealthEvent,
  ): void {
    const at = this.#clock.now();
    const { state, telling } = alertAfter(this.#states.get(subject) ?? CALM, reading, at);
    this.#states.set(subject, state);
    if (telling.kind === 'nothing') return;
    const { since } = telling;
    if (telling.kind === 'recovered') {
      const advice = adviceAfter(subject);
      this.#tell(toEvent({ level: 'recovered', percent: 0, message: words.recovery, advice, since, at }));
      return;
    }
    const { percent } = telling;
    const level = percent >= 90 ? 'critical' : 'warning';
    const advice = adviceOf(subject, percent === 100);
    this.#tell(toEvent({ level, percent, message: words.trouble, advice, since, at }));
  }

  #tell(event: HealthEvent): void {
    this.#log(event);
    this.#listeners.tell(event);
  }

  #log({ subject, level, percent, message, advice }: HealthEvent): void {
    // Each failure of a destination, and that it is inactive or active again, is in the log already.
    if (subject === 'webhook' || subject.startsWith('bridge:')) return;
    const line = `webex-connect: ${message}`;
    if (level === 'recovered') this.#logger.info(line, { subject });
    else if (level === 'warning') this.#logger.warn(line, { subject, percent, advice });
    else this.#logger.error(line, { subject, percent, advice });
  }
}
