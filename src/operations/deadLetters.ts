import { WebexConnectNotFoundError, WebexConnectNotSupportedError } from '../errors';
import type { DeadLetter, DeliveryStore, Page } from '../store/deliveryStore';
import { FIRST_PAGE } from './firstPage';

/** The messages that were given up: `adapter.deadLetters`. */
export class DeadLetters {
  readonly #store: DeliveryStore;
  readonly #wake: () => void;

  constructor(store: DeliveryStore, wake: () => void) {
    this.#store = store;
    this.#wake = wake;
  }

  /** One page, oldest first; by default the first 100. */
  list(page: Page = FIRST_PAGE): Promise<readonly DeadLetter[]> {
    return this.#store.listDeadLetters(page);
  }

  /**
   * Sends the message again, after what waits in its conversation, with all its attempts.
   *
   * @throws {WebexConnectNotFoundError} when there is no such dead letter.
   * @throws {WebexConnectNotSupportedError} when it is a handover, for the bot has had the conversation since it died;
   * and when an agent has the conversation now.
   */
  async replay(id: string): Promise<void> {
    switch (await this.#store.replayDeadLetter(id)) {
      case 'replayed':
        return this.#wake();
      case 'unknown':
        throw unknown(id);
      case 'gated':
        throw new WebexConnectNotSupportedError(
          `Dead letter '${id}' was left where it is: an agent has the conversation. Replay it when the bot has it again.`,
        );
      case 'isHandover':
        throw new WebexConnectNotSupportedError(
          `Dead letter '${id}' is a handover, and the bot has the conversation again. Have the bot hand it over ` +
            'anew, and discard this one.',
        );
    }
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
