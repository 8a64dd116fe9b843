import type { DeliveryEngine } from '../delivery/deliveryEngine';
import { WebexConnectNotRunningError } from '../errors';
import type { HealthMonitor } from '../operations/health/healthMonitor';

/** Begins and ends what an adapter is made of: each once, and again only after a beginning that failed. */
export class AdapterLife {
  readonly #engine: DeliveryEngine;
  readonly #health: HealthMonitor;
  readonly #shutdownMs: number;
  #begun: Promise<void> | undefined;
  #ended: Promise<void> | undefined;
  #remembered: Promise<void> | undefined;

  /** @param shutdownMs Milliseconds that the end waits for what is under way. */
  constructor(engine: DeliveryEngine, health: HealthMonitor, shutdownMs: number) {
    this.#engine = engine;
    this.#health = health;
    this.#shutdownMs = shutdownMs;
  }

  /** Whether it has begun, or is about to. */
  get hasBegun(): boolean {
    return this.#begun !== undefined;
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
    this.#health.starting();
    try {
      await this.#engine.start();
    } catch (error) {
      this.#health.startFailed(error);
      this.#begun = undefined;
      throw error;
    }
    this.#remembered = this.#health.started();
  }

  async #end(): Promise<void> {
    this.#health.stopping();
    // A start that failed has told its caller.
    await this.#begun?.catch(() => {});
    try {
      await this.#engine.stop(this.#shutdownMs);
    } finally {
      this.#health.stopped();
    }
  }
}
