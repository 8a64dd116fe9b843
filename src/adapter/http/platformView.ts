/** Failures in a row after which Webex Connect makes a webhook inactive ("Five consecutive failures"). */
export const PLATFORM_FAILURE_LIMIT = 5;

/**
 * How Webex Connect sees this bot, as far as it can be told from here: what authenticated POSTs were answered.
 */
export class PlatformView {
  #consecutiveFailures = 0;

  get consecutiveFailures(): number {
    return this.#consecutiveFailures;
  }

  /** @param status What an authenticated POST was answered. */
  answered(status: number): void {
    this.#consecutiveFailures = status >= 200 && status < 300 ? 0 : this.#consecutiveFailures + 1;
  }

  /** What an operator should know; `undefined` when all is well. */
  advice(): string | undefined {
    const failures = this.#consecutiveFailures;
    if (failures === 0) return undefined;
    if (failures >= PLATFORM_FAILURE_LIMIT) {
      return 'Webex Connect has probably made this webhook inactive: edit the integration and verify again';
    }
    return `${failures} of ${PLATFORM_FAILURE_LIMIT} consecutive failures until Webex Connect makes this webhook inactive`;
  }
}
