import type { ClaimedTurn, NewOutboxMessage } from '../deliveryStore';

/** Ids staged by events whose turn may run again: what a second run must not stage again (I4). */
export class StagedIds {
  readonly #byEvent = new Map<string, string[]>();

  /** Whether an earlier run of the turn has sent all of it. */
  holdsAll(messages: readonly NewOutboxMessage[], turn: ClaimedTurn): boolean {
    const staged = this.#byEvent.get(turn.event.id);
    return messages.length > 0 && messages.every(({ id }) => staged?.includes(id));
  }

  /** Notes a message. @returns false when an earlier run of the turn has sent it. */
  add(message: NewOutboxMessage, turn: ClaimedTurn | undefined): boolean {
    if (turn === undefined) return true;
    const staged = this.#byEvent.get(turn.event.id);
    if (staged === undefined) {
      this.#byEvent.set(turn.event.id, [message.id]);
      return true;
    }
    if (staged.includes(message.id)) return false;
    staged.push(message.id);
    return true;
  }

  /** The event's turn will not run again. */
  forget(eventId: string): void {
    this.#byEvent.delete(eventId);
  }
}
