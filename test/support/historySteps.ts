import type {
  ActivityEntry,
  DeliveryStore,
  HistoryEntry,
  SendSettlement,
  TurnSettlement,
} from '../../src/store/deliveryStore';
import { T0 } from './storeSamples';

/** More than anything that a test lets happen. */
export const ALL_ENTRIES = 10_000;

/** A few words per entry: when it was, after `T0`, and what it tells. */
export function sketch(entry: ActivityEntry): string {
  return `${entry.at - T0} ${tell(entry)}`;
}

function tell(entry: ActivityEntry): string {
  switch (entry.kind) {
    case 'eventAccepted':
      return `${entry.eventId} accepted from ${entry.source}`;
    case 'messageStaged':
      return `${entry.messageId} staged by ${entry.eventId ?? 'nobody'} for ${entry.destination}`;
    case 'requestQuarantined':
      return `request ${entry.requestId} quarantined`;
    case 'turnAttempt':
      return `${entry.eventId} turn ${entry.attempt} ${entry.outcome}${reasonOf(entry)}`;
    case 'sendAttempt':
      return `${entry.messageId} send ${entry.attempt} ${entry.outcome}${reasonOf(entry)}`;
  }
}

function reasonOf(entry: HistoryEntry): string {
  const reason = 'reason' in entry ? `: ${entry.reason}` : '';
  return 'isAmbiguous' in entry && entry.isAmbiguous ? `${reason}, may have arrived` : reason;
}

export async function historyOf(store: DeliveryStore, conversationId: string): Promise<string[]> {
  return (await store.history(conversationId, { limit: ALL_ENTRIES })).map(sketch);
}

/** What is told of conversations when they are followed in steps of `limit`, from a cursor on. */
export async function follow(
  store: DeliveryStore,
  cursor: string,
  limit: number,
): Promise<{ told: string[]; cursor: string }> {
  const told: string[] = [];
  for (let from = cursor; ; ) {
    const { entries, cursor: next } = await store.activity(from, limit);
    if (entries.length === 0) return { told, cursor: next };
    told.push(...entries.map(sketch));
    from = next;
  }
}

export function failedTurn(at: number, notBefore = at): TurnSettlement {
  return { kind: 'retry', at, notBefore, cause: 'TypeError' };
}

export function quarantinedTurn(at: number): TurnSettlement {
  return { kind: 'quarantined', at, reason: 'the turn failed', details: 'it said: 4111', cause: 'TypeError' };
}

export function failedSend(at: number, isAmbiguous = false): SendSettlement {
  return { kind: 'retry', at, notBefore: at, error: 'the webhook answered 503', isAmbiguous };
}

export function heldSend(at: number): SendSettlement {
  return { kind: 'held', at, error: 'network error ECONNREFUSED', isAmbiguous: false };
}

export function deadSend(at: number): SendSettlement {
  return { kind: 'dead', at, reason: 'the webhook answered 400', isAmbiguous: false, notice: undefined };
}
