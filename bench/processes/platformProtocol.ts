/** Questions to the stand-in for Webex Connect (and for a Bot Framework channel). */
export type PlatformProtocol = {
  listen: { ask: undefined; answer: { readonly url: string } };
  /** Forgets what has come. */
  expect: { ask: undefined; answer: undefined };
  /** Resolves when so many replies have come since `expect`. */
  received: { ask: { readonly count: number; readonly withinMs: number }; answer: Received };
};

export interface Received {
  readonly count: number;
  /** Milliseconds since the epoch, with fractions: when the last of them came. */
  readonly lastAt: number;
}
