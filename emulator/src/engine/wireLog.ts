import type { EventToBot, PostFromBot, WireEntry } from '../world';

/** What can change while it is in the log. */
export type LoggedEvent = { -readonly [Field in keyof EventToBot]: EventToBot[Field] };

/** The world shows so many; what is older is let go. */
const MAX_ENTRIES = 500;

/** The latest entries of the wire. */
export class WireLog {
  readonly #entries = new Map<string, LoggedEvent | PostFromBot>();
  #count = 0;

  nextId(): string {
    return `wire-${++this.#count}`;
  }

  add(entry: LoggedEvent | PostFromBot): void {
    this.#entries.set(entry.id, entry);
    if (this.#entries.size <= MAX_ENTRIES) return;
    for (const id of this.#entries.keys()) {
      this.#entries.delete(id);
      return;
    }
  }

  find(id: string): WireEntry | undefined {
    return this.#entries.get(id);
  }

  view(): readonly WireEntry[] {
    return [...this.#entries.values()].map((entry) => pick(entry));
  }
}

/** A copy, so that a world that was taken does not change. */
function pick(entry: LoggedEvent | PostFromBot): WireEntry {
  if (entry.kind === 'fromBot') return entry;
  const { kind, id, conversationId, event, body, state, dueAt, attempts } = entry;
  return { kind, id, conversationId, event, body, state, dueAt, attempts };
}
