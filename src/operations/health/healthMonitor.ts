import type { Clock } from '../../clock';
import type { DeliveryObserver } from '../../delivery/deliveryObserver';
import { withinDeadline } from '../../delivery/withinDeadline';
import { errorName } from '../../errors';
import type { Logger } from '../../logger';
import type { DeliveryStore, DestinationHealth, StoreStats } from '../../store/deliveryStore';
import type { AdapterHealth, AdapterState, DestinationReport, HealthFacts } from './adapterHealth';
import { BacklogWatch } from './backlogWatch';
import { HealthAlerts } from './healthAlerts';
import { HealthListeners } from './healthListeners';
import { judgeHealth } from './judgeHealth';
import { PLATFORM_FAILURE_LIMIT } from './platformRun';
import { PlatformWatch } from './platformWatch';
import { StoreWatch } from './storeWatch';
import { TrafficWatch } from './trafficWatch';

/** How long a start waits for what an earlier life has noted of itself. */
const REMEMBER_WITHIN_MS = 2000;

/** What the monitor watches, and by which measures. */
export interface HealthMonitorParts {
  readonly store: DeliveryStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The name of the destination that is the integration's webhook; all others are bridges. */
  readonly webhook: string;
  /** The health of every destination, by name. */
  readonly destinations: () => Readonly<Record<string, DestinationHealth>>;
  readonly maxBacklog: number;
  readonly failuresUntilInactive: number;
  readonly expectTrafficWithinMs: number | undefined;
  readonly warnAfterWaitingMs: number;
}

/**
 * Watches how the adapter is: answers `adapter.health()`, and tells the listeners of `adapter.on('health', …)`. All
 * it knows comes from what happens anyhow, so that it costs nothing while all is well and nobody asks.
 */
export class HealthMonitor {
  readonly listeners: HealthListeners;
  readonly #parts: HealthMonitorParts;
  readonly #alerts: HealthAlerts;
  readonly #store: StoreWatch;
  readonly #platform: PlatformWatch;
  readonly #traffic: TrafficWatch;
  readonly #backlog: BacklogWatch;
  #state: AdapterState = { kind: 'notStarted', lastError: undefined };

  constructor(parts: HealthMonitorParts) {
    const { store, clock, logger, expectTrafficWithinMs = 0 } = parts;
    this.#parts = parts;
    this.listeners = new HealthListeners(logger);
    const alerts = new HealthAlerts(clock, this.listeners, logger);
    this.#alerts = alerts;
    this.#store = new StoreWatch(store, clock, {
      onLost: (error, since) => alerts.store(true, error, since),
      onFound: (error, since) => alerts.store(false, error, since),
    });
    const onStoreFailed = (error: unknown) => {
      logger.debug('webex-connect: the store did not take a note of the adapter’s health; trying again', {
        error: errorName(error),
      });
      this.#store.suspect();
    };
    this.#platform = new PlatformWatch(
      { store, clock },
      {
        onRestored: (run) =>
          alerts.remember('platform', run?.failures ?? 0, PLATFORM_FAILURE_LIMIT, run?.since),
        onChange: (run) => alerts.platform(run),
        onStoreFailed,
      },
    );
    this.#traffic = new TrafficWatch({ store, clock }, parts.expectTrafficWithinMs, {
      onSilence: (since) => alerts.traffic(since, expectTrafficWithinMs),
      onReturn: () => alerts.traffic(undefined, expectTrafficWithinMs),
      onStoreFailed,
    });
    this.#backlog = new BacklogWatch(clock, () => void this.#look());
  }

  /** Answers in a row that Webex Connect counts as failures. */
  get platformFailures(): number {
    return this.#platform.run?.failures ?? 0;
  }

  /** What the delivery engine reports, listened to on its way to `next`. */
  listenTo(next: DeliveryObserver): DeliveryObserver {
    return {
      ...next,
      eventAccepted: (status) => {
        next.eventAccepted(status);
        if (status === 'full') this.#alerts.backlogIsFull(this.#parts.maxBacklog);
        this.#backlog.changed();
      },
      turnCompleted: () => {
        next.turnCompleted();
        this.#noticeDrain();
      },
      messageDelivered: () => {
        next.messageDelivered();
        this.#noticeDrain();
      },
      healthChanged: (destination, health) => {
        next.healthChanged(destination, health);
        this.#alerts.destination(this.#subjectOf(destination), this.#reportOf(health));
      },
      storeFailed: (doing, error) => {
        next.storeFailed(doing, error);
        this.#store.suspect();
      },
    };
  }

  /** @param status What an authenticated POST was answered. */
  answered(status: number): void {
    this.#traffic.called();
    this.#platform.answered(status);
    if (status >= 500) this.#store.suspect();
  }

  starting(): void {
    this.#state = { kind: 'starting' };
  }

  startFailed(error: unknown): void {
    if (this.#state.kind === 'starting') this.#state = { kind: 'notStarted', lastError: errorName(error) };
  }

  /**
   * The store is open.
   *
   * @returns When what an earlier life has left is known, or two seconds later. Never rejects.
   */
  async started(): Promise<void> {
    // Somebody may have stopped it in the meantime.
    if (this.#state.kind !== 'starting') return;
    this.#state = { kind: 'running' };
    this.#store.open();
    for (const [name, health] of Object.entries(this.#parts.destinations())) {
      const since = health.status === 'inactive' ? health.since : undefined;
      const { consecutiveFailures, limit } = this.#reportOf(health);
      this.#alerts.remember(this.#subjectOf(name), consecutiveFailures, limit, since);
    }
    const remembering = Promise.all([this.#platform.open(), this.#traffic.open()]);
    await withinDeadline(this.#parts.clock, REMEMBER_WITHIN_MS, remembering);
  }

  stopping(): void {
    this.#state = { kind: 'stopping' };
    this.#traffic.close();
    this.#store.close();
  }

  /** Nothing is asked of the store any more. */
  stopped(): void {
    this.#state = { kind: 'stopped' };
    this.#platform.close();
  }

  /** How the adapter is. Never rejects, and takes two seconds at most. */
  async health(): Promise<AdapterHealth> {
    return judgeHealth(this.#facts(await this.stats()), this.#parts.warnAfterWaitingMs);
  }

  /**
   * What waits in the store, for whoever asks from outside; `undefined` when it does not tell. Never rejects, takes two
   * seconds at most, and may be asked as often as one likes.
   */
  stats(): Promise<StoreStats | undefined> {
    this.#platform.refresh();
    return this.#look();
  }

  async #look(): Promise<StoreStats | undefined> {
    const stats = await this.#store.look();
    if (stats !== undefined) this.#alerts.backlog(stats, this.#parts.maxBacklog);
    return stats;
  }

  /** Less waits: worth a look only when much did. */
  #noticeDrain(): void {
    if (this.#alerts.isRaised('waitingEvents') || this.#alerts.isRaised('waitingMessages'))
      this.#backlog.changed();
  }

  #facts(store: StoreStats | undefined): HealthFacts {
    const { clock, webhook, maxBacklog, destinations } = this.#parts;
    const reports = Object.entries(destinations()).map(
      ([name, health]) => [name, this.#reportOf(health)] as const,
    );
    const { [webhook]: ofWebhook, ...bridges } = Object.fromEntries(reports);
    return {
      at: clock.now(),
      state: this.#state,
      webhook: ofWebhook ?? this.#reportOf({ status: 'active', consecutiveFailures: 0 }),
      bridges,
      platform: {
        consecutiveFailures: this.platformFailures,
        limit: PLATFORM_FAILURE_LIMIT,
        failingSince: this.#platform.run?.since,
        lastCallAt: this.#traffic.lastCallAt,
        silentSince: this.#traffic.silentSince,
      },
      reach: this.#store.reach,
      store,
      maxBacklog,
    };
  }

  #reportOf(health: DestinationHealth): DestinationReport {
    return { ...health, limit: this.#parts.failuresUntilInactive };
  }

  #subjectOf(destination: string): 'webhook' | `bridge:${string}` {
    return destination === this.#parts.webhook ? 'webhook' : `bridge:${destination}`;
  }
}
