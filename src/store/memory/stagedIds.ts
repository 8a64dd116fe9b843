import type { ClaimedTurn, NewOutboxMessage } from '../deliveryStore';

/** Ids staged by events whose turn may run again: what a second run must not stage again (I4). */
export class StagedIds {
  readonly #byEvent = new Map<string, Set<string>>();

  /** Whether an earlier run of the turn has sent all of it. */
  holdsAll(messages: readonly NewOutboxMessage[], turn: ClaimedTurn): boolean {
    const staged = this.#byEvent.get(turn.event.id);
    return messages.length > 0 && messages.every(({ id }) => staged?.has(id));
  }

  /** Notes a message. @returns false when an earlier run of the turn has sent it. */
  add(message: NewOutboxMessage, turn: ClaimedTurn | undefined): boolean {
    if (turn === undefined) return true;
    const staged = this.#byEvent.get(turn.event.id) ?? new Set();
    this.#byEvent.set(turn.event.id, staged);
    if (staged.has(message.id)) return false;
    staged.add(message.id);
    return true;
  }

  /** The event's turn will not run again. */
  forget(eventId: string): void {
    this.#byEvent.delete(eventId);
  }
}
