import { errorName } from '../../errors';
import type { Logger } from '../../logger';
import type { HealthEvent } from './healthEvents';

/** Is told of a change in the adapter's health. What it throws, or rejects with, is logged and harms nothing. */
export type HealthListener = (event: HealthEvent) => unknown;

interface Entry {
  readonly listener: HealthListener;
  readonly isOnce: boolean;
}

/** Those who want to hear of changes in the adapter's health; called in the order in which they came. */
export class HealthListeners {
  readonly #logger: Logger;
  #entries: readonly Entry[] = [];

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(listener: HealthListener, { isOnce }: { readonly isOnce: boolean }): void {
    this.#entries = [...this.#entries, { listener, isOnce }];
  }

  /** Takes away what was added last, as Node's `EventEmitter` does. */
  remove(listener: HealthListener): void {
    const index = this.#entries.findLastIndex((entry) => entry.listener === listener);
    if (index >= 0) this.#entries = this.#entries.toSpliced(index, 1);
  }

  tell(event: HealthEvent): void {
    const entries = this.#entries;
    this.#entries = entries.filter(({ isOnce }) => !isOnce);
    for (const { listener } of entries) this.#call(listener, event);
  }

  #call(listener: HealthListener, event: HealthEvent): void {
    const complain = (error: unknown) =>
      this.#logger.error("webex-connect: a listener of 'health' has failed", {
        subject: event.subject,
        error: errorName(error),
      });
    try {
      Promise.resolve(listener(event)).catch(complain);
    } catch (error) {
      complain(error);
    }
  }
}
