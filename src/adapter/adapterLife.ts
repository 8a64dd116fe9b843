import type { Clock } from '../clock';
import type { DeliveryEngine } from '../delivery/deliveryEngine';
import { withinDeadline } from '../delivery/withinDeadline';
import { WebexConnectNotRunningError } from '../errors';
import type { HealthMonitor } from '../operations/health/healthMonitor';
import type { OperatorClerk } from '../operations/operatorClerk';
import type { Metrics } from '../operations/telemetry/metrics';

/** What an adapter's life is the life of. */
export interface AdapterLifeParts {
  readonly engine: DeliveryEngine;
  readonly health: HealthMonitor;
  readonly metrics: Pick<Metrics, 'attach' | 'detach'>;
  readonly clerk: OperatorClerk;
  readonly clock: Clock;
  /** Milliseconds that the end waits for what is under way. */
  readonly shutdownMs: number;
}

/** Begins and ends what an adapter is made of: each once, and again only after a beginning that failed. */
export class AdapterLife {
  readonly #parts: AdapterLifeParts;
  #begun: Promise<void> | undefined;
  #isUnderWay = false;
  #ended: Promise<void> | undefined;
  #remembered: Promise<void> | undefined;

  constructor(parts: AdapterLifeParts) {
    this.#parts = parts;
  }

  /** Whether it has begun, or is about to. */
  get hasBegun(): boolean {
    return this.#begun !== undefined;
  }

  /** Whether its beginning has succeeded. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** @throws {WebexConnectNotRunningError} when it has ended, or is about to. */
  mustNotBeOver(): void {
    if (this.#ended === undefined) return;
    throw new WebexConnectNotRunningError('This adapter was stopped. Make a new one and start that.');
  }

  /** Resolves when events and messages can be taken in. */
  begin(): Promise<void> {
    this.#begun ??= this.#begin();
    return this.#begun;
  }

  /** Resolves when health also knows what an earlier life has left; no event waits for that. */
  async remember(): Promise<void> {
    await this.begin();
    await this.#remembered;
  }

  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #begin(): Promise<void> {
    const { engine, health, metrics, clerk } = this.#parts;
    health.starting();
    metrics.attach();
    try {
      await engine.start();
    } catch (error) {
      health.startFailed(error);
      this.#begun = undefined;
      throw error;
    }
    this.#isUnderWay = true;
    clerk.start();
    this.#remembered = health.started();
  }

  async #end(): Promise<void> {
    const { engine, health, metrics, clerk, clock, shutdownMs } = this.#parts;
    health.stopping();
    // A start that failed has told its caller.
    await this.#begun?.catch(() => {});
    try {
      await withinDeadline(clock, shutdownMs, clerk.stop());
      await engine.stop(shutdownMs);
    } finally {
      metrics.detach();
      health.stopped();
    }
  }
}
