import { WebexConnectNotFoundError } from '../errors';
import type { DeadLetter, DeliveryStore, Page } from '../store/deliveryStore';

const DEFAULT_PAGE: Page = { limit: 100 };

/** The messages that were given up: `adapter.deadLetters`. */
export class DeadLetters {
  readonly #store: DeliveryStore;
  readonly #wake: () => void;

  constructor(store: DeliveryStore, wake: () => void) {
    this.#store = store;
    this.#wake = wake;
  }

  /** One page, oldest first; by default the first 100. */
  list(page: Page = DEFAULT_PAGE): Promise<readonly DeadLetter[]> {
    return this.#store.listDeadLetters(page);
  }

  /**
   * Sends the message again, after what waits in its conversation, with all its attempts.
   *
   * @throws {WebexConnectNotFoundError} when there is no such dead letter.
   */
  async replay(id: string): Promise<void> {
    if (!(await this.#store.replayDeadLetter(id))) throw unknown(id);
    this.#wake();
  }

  /**
   * Forgets the message.
   *
   * @throws {WebexConnectNotFoundError} when there is no such dead letter.
   */
  async discard(id: string): Promise<void> {
    if (!(await this.#store.discardDeadLetter(id))) throw unknown(id);
  }
}

function unknown(id: string): WebexConnectNotFoundError {
  return new WebexConnectNotFoundError(
    `There is no dead letter '${id}'. List them with adapter.deadLetters.list().`,
  );
}
