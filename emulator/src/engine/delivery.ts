import type { Alarm } from '../clock/movableClock';
import type { EventFacts } from '../judge/facts';
import type { EventToBot } from '../world';
import type { LoggedEvent } from './wireLog';

/** An event to be delivered. */
export interface OutgoingEvent {
  readonly facts: Omit<EventFacts, 'entryId'>;
  /** On the wire: the BOT conversation's ID, or an agent's. */
  readonly conversationId: string;
  readonly event: string;
  /** By name. */
  readonly customer: string;
  readonly body: string;
  /** A fault that was played when it was written, in words. */
  readonly fault: string | undefined;
}

const deliveries = new WeakMap<EventToBot, Delivery>();

/** An event on its way to the bot, with its entry in the wire's log. */
export class Delivery {
  readonly entry: LoggedEvent;
  readonly facts: EventFacts;
  /** By name. */
  readonly customer: string;
  /** A copy is sent once, and says nothing about the integration's health. */
  readonly isCopy: boolean;
  /** A fault that was played when it was written, in words. */
  readonly fault: string | undefined;
  /** It waits for its turn in its lane. */
  isQueued = false;
  /** A fault has kept it until the next one was sent. */
  wasHeldBack = false;
  /** For the next retry. */
  alarm: Alarm | undefined;

  constructor(id: string, event: OutgoingEvent, isCopy = false) {
    this.facts = { ...event.facts, entryId: id };
    this.isCopy = isCopy;
    this.customer = event.customer;
    this.fault = event.fault;
    this.entry = {
      kind: 'toBot',
      id,
      conversationId: event.conversationId,
      event: event.event,
      body: event.body,
      state: 'waiting',
      dueAt: undefined,
      attempts: [],
    };
    deliveries.set(this.entry, this);
  }

  /** The delivery that an entry of the log is about. */
  static of(entry: EventToBot): Delivery | undefined {
    return deliveries.get(entry);
  }

  /** Events of a lane go out one after the other. */
  get lane(): string {
    return this.facts.conversationId ?? '';
  }

  copy(id: string): Delivery {
    const { conversationId, event, body } = this.entry;
    const { facts, customer, fault } = this;
    const copied = { facts, conversationId: conversationId ?? '', event, customer, body, fault };
    return new Delivery(id, copied, true);
  }
}
