/**
 * Keeps count of how Webex Connect sees this bot, as far as it can be told from here: what authenticated POSTs were
 * answered. It must neither throw nor wait: the answer is on its way.
 */
export interface PlatformView {
  /** @param status What an authenticated POST was answered. */
  answered(status: number): void;
}
