import type { TurnContext } from 'botbuilder';
import type { Clock } from '../clock';
import { ExpiringMap } from '../store/expiringMap';

/** What runs a turn: `(context) => bot.run(context)`. */
export type TurnLogic = (context: TurnContext) => Promise<void>;

/**
 * Milliseconds for which the logic of an event is kept. It is forgotten with the turn; this is for the events
 * that another replica ran.
 */
const KEPT_FOR_MS = 60 * 60 * 1000;

/**
 * Which logic runs the turn of an event: the one that came with its request while this process remembers it, as
 * with every Bot Framework adapter; after a restart the one given to `start`.
 */
export class TurnLogics {
  readonly #clock: Clock;
  readonly #byEvent = new ExpiringMap<string, TurnLogic>();
  #fallback: TurnLogic | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  setFallback(logic: TurnLogic): void {
    this.#fallback = logic;
  }

  remember(eventId: string, logic: TurnLogic): void {
    if (logic === this.#fallback) return;
    const now = this.#clock.now();
    this.#byEvent.prune(now);
    this.#byEvent.set(eventId, logic, now + KEPT_FOR_MS);
  }

  forget(eventId: string): void {
    this.#byEvent.delete(eventId);
  }

  of(eventId: string): TurnLogic {
    const logic = this.#byEvent.get(eventId) ?? this.#fallback;
    if (logic === undefined) throw new TypeError('No logic was given to start() or process().');
    return logic;
  }
}
