import { MemoryStore } from '../../src';
import type { AcceptOutcome, AcceptTerms, NewInboxEvent } from '../../src/store/deliveryStore';
import { ManualClock } from '../../src/testing';

/** A store that takes its time, on a clock that stands still. */
export class StuckStore extends MemoryStore {
  readonly clock = new ManualClock();
  /** Resolves when somebody waits. */
  readonly stuck: Promise<void>;
  #announce = () => {};
  #released: Promise<void>;
  #release = () => {};

  constructor() {
    super();
    this.stuck = new Promise((resolve) => {
      this.#announce = resolve;
    });
    this.#released = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release();
  }

  override async accept(event: NewInboxEvent, terms: AcceptTerms): Promise<AcceptOutcome> {
    this.#announce();
    await this.#released;
    return super.accept(event, terms);
  }
}
