import type { SendOutcome } from '../../src/delivery/sendOutcome';
import type { DestinationClient } from '../../src/delivery/webhookClient';
import type { OutboxMessage } from '../../src/store/deliveryStore';
import { accepted } from './sendOutcomes';

/** Says how a send ends. */
export type Script = (message: OutboxMessage) => SendOutcome | Promise<SendOutcome>;

/** A destination that does what the test says, and notes what reaches it. */
export class ScriptedClient implements DestinationClient {
  /** How sends end that `next` says nothing about. */
  script: Script = () => accepted;
  /** How the next sends end, one after the other. */
  readonly next: SendOutcome[] = [];
  /** The id of every message, as often as it was sent. */
  readonly sent: string[] = [];
  readonly messages: OutboxMessage[] = [];
  /** Messages that were sent while another of their conversation was on the wire. */
  readonly overlaps: string[] = [];
  mostAtOnce = 0;
  isClosed = false;
  readonly #onWire = new Map<string, string>();

  async send(message: OutboxMessage): Promise<SendOutcome> {
    const { id, conversationId } = message;
    if (this.#onWire.has(conversationId)) this.overlaps.push(id);
    this.#onWire.set(conversationId, id);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#onWire.size);
    this.sent.push(id);
    this.messages.push(message);
    try {
      await new Promise(setImmediate);
      return this.next.shift() ?? (await this.script(message));
    } finally {
      this.#onWire.delete(conversationId);
    }
  }

  close(): void {
    this.isClosed = true;
  }
}
