import { Webhook } from 'standardwebhooks';

/** Signs requests after Standard Webhooks 1.0 (symmetric signatures, `v1`). */
export class WebhookSigner {
  readonly #keys: readonly Webhook[];

  /** @param secrets `whsec_` and base64 each; several while one is being replaced. */
  constructor(secrets: readonly string[]) {
    this.#keys = secrets.map((secret) => new Webhook(secret));
  }

  /**
   * The headers of one attempt. The receiver takes any one of the signatures.
   *
   * @param id The same whenever the message is sent again.
   * @param now Milliseconds since the epoch: receivers refuse an attempt that is minutes old.
   * @param body As it goes on the wire.
   */
  headersOf(id: string, now: number, body: string): Record<string, string> {
    const attemptedAt = new Date(now);
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1000)),
      'webhook-signature': this.#keys.map((key) => key.sign(id, attemptedAt, body)).join(' '),
    };
  }
}
