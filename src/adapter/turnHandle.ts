import { randomUUID } from 'node:crypto';
import type { TurnContext } from 'botbuilder';
import type { ClaimedTurn } from '../store/deliveryStore';

const TURN_HANDLE = Symbol('webexConnect.turn');

/**
 * Names what one turn sends. The k-th message of an event's turn has the same name whenever the turn is run
 * again, so that it is stored once (I4). Only what goes on the wire is counted: a timer that sends typing
 * activities must not shift the numbers.
 */
export class TurnHandle {
  readonly #claimed: ClaimedTurn | undefined;
  #sent = 0;
  #isOver = false;

  /** @param claimed `undefined` for a proactive turn, which no event can run again. */
  constructor(claimed: ClaimedTurn | undefined) {
    this.#claimed = claimed;
  }

  /** The turn under whose lease messages are staged; `undefined` once it has ended. */
  get claimed(): ClaimedTurn | undefined {
    return this.#isOver ? undefined : this.#claimed;
  }

  /** False while the bot is being told of a failed delivery: what it says then must not breed another notice. */
  get reportsFailures(): boolean {
    return this.#claimed?.event.source !== 'deliveryFailed';
  }

  nextActivityId(): string {
    const { claimed } = this;
    return claimed === undefined ? randomUUID() : `${claimed.event.id}.${++this.#sent}`;
  }

  end(): void {
    this.#isOver = true;
  }

  static attach(context: TurnContext, handle: TurnHandle): void {
    context.turnState.set(TURN_HANDLE, handle);
  }

  /** The handle of the turn; a context that somebody made by hand counts as proactive. */
  static of(context: TurnContext): TurnHandle {
    const handle: unknown = context.turnState.get(TURN_HANDLE);
    return handle instanceof TurnHandle ? handle : new TurnHandle(undefined);
  }
}
