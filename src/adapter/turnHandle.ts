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
  readonly #eventId: string | undefined;
  #sent = 0;
  readonly #handedOver = new Set<string>();
  #isOver = false;
  #lastSend: Promise<unknown> = Promise.resolve();

  /**
   * @param claimed `undefined` for a proactive turn, which no event can run again.
   * @param eventId What the names begin with: the event that the bot is shown.
   */
  constructor(claimed: ClaimedTurn | undefined, eventId = claimed?.event.id) {
    this.#claimed = claimed;
    this.#eventId = eventId;
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
    const isOfEvent = this.claimed !== undefined && this.#eventId !== undefined;
    return isOfEvent ? `${this.#eventId}.${++this.#sent}` : randomUUID();
  }

  /** Whether a message was sent by the turn of this event. */
  static isOfEvent(activityId: string, eventId: string): boolean {
    return activityId.startsWith(`${eventId}.`);
  }

  /** Notes that the turn has handed a conversation over. */
  handsOver(conversationId: string): void {
    this.#handedOver.add(conversationId);
  }

  /** Whether the turn has handed the conversation over: what it says after that is not for the customer. */
  hasHandedOver(conversationId: string): boolean {
    return this.#handedOver.has(conversationId);
  }

  /**
   * Runs the sends of one turn one after the other, in the order in which the bot asked for them, also when it
   * does not wait for one before the next.
   */
  inOrder<Result>(send: () => Promise<Result>): Promise<Result> {
    const sending = this.#lastSend.then(send);
    this.#lastSend = sending.catch(() => {});
    return sending;
  }

  /**
   * Ends the turn once what it has begun to send is stored: a send that the bot did not wait for is still part of
   * the turn, and has its names.
   */
  async end(): Promise<void> {
    await this.#lastSend;
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
