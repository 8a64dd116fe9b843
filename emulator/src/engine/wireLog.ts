import type { EventToBot, PostFromBot, WireEntry } from '../world';

/** What can change while it is in the log. */
export type LoggedEvent = { -readonly [Field in keyof EventToBot]: EventToBot[Field] };

/** The world shows so many; what is older is let go. */
const MAX_ENTRIES = 500;
const MAX_CHARACTERS = 8_000_000;

/** The latest entries of the wire. */
export class WireLog {
  readonly #entries = new Map<string, LoggedEvent | PostFromBot>();
  /** What was shown last of what can change. */
  readonly #shown = new WeakMap<LoggedEvent, EventToBot>();
  #characters = 0;
  #count = 0;

  nextId(): string {
    return `wire-${++this.#count}`;
  }

  add(entry: LoggedEvent | PostFromBot): void {
    this.#entries.set(entry.id, entry);
    this.#characters += entry.body.length;
    for (const [id, oldest] of this.#entries) {
      const isFull = this.#entries.size > MAX_ENTRIES || this.#characters > MAX_CHARACTERS;
      if (!isFull || id === entry.id) return;
      this.#entries.delete(id);
      this.#characters -= oldest.body.length;
    }
  }

  find(id: string): WireEntry | undefined {
    return this.#entries.get(id);
  }

  view(): readonly WireEntry[] {
    return [...this.#entries.values()].map((entry) =>
      entry.kind === 'fromBot' ? entry : this.#viewOf(entry),
    );
  }

  /** A copy, so that a world that was taken does not change; the same one as long as nothing has. */
  #viewOf(entry: LoggedEvent): EventToBot {
    const { kind, id, conversationId, event, body, state, dueAt, attempts } = entry;
    const shown = this.#shown.get(entry);
    if (shown?.state === state && shown.dueAt === dueAt && shown.attempts === attempts) return shown;
    const view = { kind, id, conversationId, event, body, state, dueAt, attempts };
    this.#shown.set(entry, view);
    return view;
  }
}
