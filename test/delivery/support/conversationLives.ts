import assert from 'node:assert/strict';
import {
  type ConversationFact,
  handoverDelivered,
  handoverDied,
  type Observation,
  observe,
  requestHandover,
} from '../../../src/delivery/conversationLife';
import type { BotConversationRecord, ConversationRecord } from '../../../src/store/conversationRecord';
import type { ConversationUpdate, NewInboxEvent } from '../../../src/store/deliveryStore';
import { TRACE } from '../../support/storeSamples';

export const ID = 'conversation';
export const AGENT = 'agent-conversation';
export const T = Date.UTC(2026, 0, 5, 10, 0, 0);

export interface Seen {
  readonly fact: ConversationFact;
  readonly at: number;
  readonly receivedAt?: number;
  readonly toleranceMs?: number;
}

export function observation({ fact, at, receivedAt = at, toleranceMs = 0 }: Seen): Observation {
  return {
    conversationId: ID,
    fact,
    sighting: {
      event: 'Event',
      messageId: undefined,
      channel: undefined,
      customParams: {},
      at,
      receivedAt,
    },
    clockToleranceMs: toleranceMs,
    slip: { id: `notice at ${receivedAt}`, at: receivedAt, traceContext: TRACE },
  };
}

/** Plays steps on one record, as a store does. */
export class Life {
  record: ConversationRecord | undefined;
  readonly notices: NewInboxEvent[] = [];
  refusals = 0;

  play(update: ConversationUpdate): this {
    const change = update(this.record);
    if (change.kind === 'refused') this.refusals++;
    if (change.kind !== 'changed') return this;
    this.record = change.record;
    this.notices.push(...change.notices);
    return this;
  }

  see(fact: ConversationFact, at: number, more: Partial<Seen> = {}): this {
    return this.play(observe(observation({ fact, at, ...more })));
  }

  customer(at: number, more: Partial<Seen> = {}): this {
    return this.see({ kind: 'customerToBot', isStated: true }, at, more);
  }

  agent(at: number, id = AGENT, kind: 'agentSaid' | 'agentClosed' | 'customerToAgent' = 'agentSaid'): this {
    return this.see({ kind, agentConversationId: id, tiedBy: 'field' }, at);
  }

  handOver(at: number, id = 'h1'): this {
    return this.play(requestHandover(ID, id, at));
  }

  acknowledge(at: number, id = 'h1'): this {
    return this.play(handoverDelivered(id, at));
  }

  die(at: number, id = 'h1'): this {
    return this.play(handoverDied(id, at, 'gone', { id: 'death', at }));
  }

  get bot(): BotConversationRecord {
    assert.equal(this.record?.kind, 'bot');
    if (this.record?.kind !== 'bot') throw new Error('not reached');
    return this.record;
  }

  get state(): string {
    return this.bot.phase.state;
  }

  get told(): unknown[] {
    return this.notices.map(({ payload }) => {
      const { state, message }: { state: string; message: string } = JSON.parse(payload);
      return message === '' ? state : `${state}: ${message}`;
    });
  }
}

export const handedOver = () => new Life().customer(T).handOver(T + 1000);
export const acknowledged = () => handedOver().acknowledge(T + 2000);
export const withAgent = () => acknowledged().agent(T + 3000);
