import { WebexConnectNotFoundError } from '../errors';
import type { DeliveryStore, NewQuarantinedRequest, Page, QuarantinedItem } from '../store/deliveryStore';
import { FIRST_PAGE } from './firstPage';

/** Requests that could not be read and events whose turn failed every time: `adapter.quarantine`. */
export class Quarantine {
  readonly #store: DeliveryStore;
  readonly #readmit: (request: NewQuarantinedRequest) => Promise<void>;
  readonly #wake: () => void;

  /** @param readmit Takes a request in under today's options, or throws and says why it cannot. */
  constructor(
    store: DeliveryStore,
    readmit: (request: NewQuarantinedRequest) => Promise<void>,
    wake: () => void,
  ) {
    this.#store = store;
    this.#readmit = readmit;
    this.#wake = wake;
  }

  /** One page, oldest first; by default the first 100. */
  list(page: Page = FIRST_PAGE): Promise<readonly QuarantinedItem[]> {
    return this.#store.listQuarantine(page);
  }

  /**
   * Runs the event's turn, after what waits in its conversation. A request that could not be read is read again
   * under today's options.
   *
   * @throws {WebexConnectNotFoundError} when there is no such item.
   * @throws {Error} when it still cannot be read; it stays in quarantine then.
   */
  async replay(id: string): Promise<void> {
    const item = await this.#store.findQuarantined(id);
    if (item === undefined || !(await this.#replay(item))) throw unknown(id);
    this.#wake();
  }

  async #replay(item: QuarantinedItem): Promise<boolean> {
    if (item.kind === 'event') return this.#store.replayQuarantined(item.id, item.event);
    // Should the process die in between, a second replay meets an event that is known already.
    await this.#readmit(item);
    return this.#store.discardQuarantined(item.id);
  }

  /**
   * Forgets the item.
   *
   * @throws {WebexConnectNotFoundError} when there is no such item.
   */
  async discard(id: string): Promise<void> {
    if (!(await this.#store.discardQuarantined(id))) throw unknown(id);
  }
}

function unknown(id: string): WebexConnectNotFoundError {
  return new WebexConnectNotFoundError(
    `Nothing in quarantine is named '${id}'. List it with adapter.quarantine.list().`,
  );
}
