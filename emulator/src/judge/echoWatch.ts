import { BoundedMap } from './boundedMap';
import { fingerprint } from './fingerprint';

/** The reply that says the same as an earlier one, though the bot was told only one thing, more than once. */
export interface Echo {
  readonly eventEntryId: string;
  readonly firstPostId: string;
}

/** What was said, and how often. */
interface Saying {
  readonly firstPostId: string;
  times: number;
}

interface Window {
  readonly eventKey: string;
  readonly entryId: string;
  /** Nothing that was said before can still be answered in it. */
  readonly isClean: boolean;
  sends: number;
  readonly said: BoundedMap<string, Saying>;
  /** How many things the bot has said once only. */
  saidOnce: number;
}

/** Nobody says so many different things to one message. */
const MAX_SAYINGS = 1000;

/**
 * Finds a bot that takes a repeat of an event for a new one. Which reply answers which event cannot be seen from
 * outside, so it speaks up only when no other reading is left: one event was sent more than once, nothing that came
 * before it was still open, and everything the bot has said since, it has said more than once. An open event is
 * counted off by a reply; a bot that gives fewer replies than it gets messages is therefore not watched at all, and a
 * bot that answers one message with the same words twice, and nothing else, is blamed wrongly if that message was
 * also repeated.
 */
export class EchoWatch {
  #open = 0;
  #window: Window | undefined;

  /** A customer's event goes out to the bot: for the first time, again, or as a copy. */
  sends(eventKey: string, entryId: string, isFirst: boolean): void {
    if (this.#window?.eventKey === eventKey) {
      this.#window.sends++;
      return;
    }
    if (!isFirst) return;
    const said = new BoundedMap<string, Saying>(MAX_SAYINGS);
    this.#window = { eventKey, entryId, isClean: this.#open <= 0, sends: 1, said, saidOnce: 0 };
    this.#open = Math.max(this.#open, 0) + 1;
  }

  /** A post that has not been seen before. */
  says(text: string, entryId: string): Echo | undefined {
    this.#open--;
    const window = this.#window;
    if (window === undefined) return undefined;
    const saying = note(window, fingerprint(text), entryId);
    const isAllTwice = window.saidOnce === 0;
    if (!window.isClean || window.sends < 2 || !isAllTwice) return undefined;
    return { eventEntryId: window.entryId, firstPostId: saying.firstPostId };
  }
}

function note(window: Window, text: string, entryId: string): Saying {
  const known = window.said.get(text);
  if (known === undefined) {
    const saying = { firstPostId: entryId, times: 1 };
    window.said.set(text, saying);
    window.saidOnce++;
    return saying;
  }
  known.times++;
  if (known.times === 2) window.saidOnce--;
  return known;
}
