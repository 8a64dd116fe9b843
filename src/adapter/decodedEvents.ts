import type { InboundEvent } from '../protocol/inboundEvent';

/** Of a backlog the rest is decoded anew when its turn comes, which saves its memory meanwhile. */
const MOST_KEPT = 1000;

/**
 * Events that were decoded when they came in and whose turn is about to begin, so that they are not decoded twice. Each
 * is given out once: what a turn has seen, a bot may have changed.
 */
export class DecodedEvents {
  readonly #byId = new Map<string, InboundEvent>();

  keep(eventId: string, event: InboundEvent): void {
    if (this.#byId.size >= MOST_KEPT) this.#dropOldest();
    this.#byId.set(eventId, event);
  }

  take(eventId: string): InboundEvent | undefined {
    const event = this.#byId.get(eventId);
    this.#byId.delete(eventId);
    return event;
  }

  /** Those that never begin here: another replica runs them. */
  #dropOldest(): void {
    const [oldest] = this.#byId.keys();
    if (oldest !== undefined) this.#byId.delete(oldest);
  }
}
