import { randomUUID } from 'node:crypto';
import type {
  AcceptTerms,
  ClaimTerms,
  ConversationUpdate,
  HealthUpdate,
  NewInboxEvent,
  NewOutboxMessage,
  SettleSendTerms,
} from '../../src/store/deliveryStore';

/** 2026-03-09 14:00:00 GMT, where the tests' time begins. */
export const T0 = Date.UTC(2026, 2, 9, 14);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const LEASE_MS = 30 * SECOND;
/** A destination for tests that need only one. */
export const WEBHOOK = 'webhook';
/** The example of W3C Trace Context. */
export const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** An event of the platform without a dedupe key, unless the test says otherwise. */
export function newEvent(
  conversationId: string,
  id: string = randomUUID(),
  more: Partial<NewInboxEvent> = {},
): NewInboxEvent {
  return {
    id,
    conversationId,
    source: 'platform',
    payload: JSON.stringify({ id }),
    dedupeKey: undefined,
    receivedAt: T0,
    traceContext: undefined,
    ...more,
  };
}

export function newMessage(
  conversationId: string,
  id: string = randomUUID(),
  more: Partial<NewOutboxMessage> = {},
): NewOutboxMessage {
  return {
    id,
    activityId: id,
    conversationId,
    destination: WEBHOOK,
    body: JSON.stringify({ id }),
    stagedAt: T0,
    role: 'message',
    reportsFailure: true,
    traceContext: undefined,
    eventReceivedAt: undefined,
    ...more,
  };
}

export function claimBy(worker: string, now = T0, leaseMs = LEASE_MS): ClaimTerms {
  return { worker, now, leaseMs };
}

export function acceptAt(now = T0, more: Partial<AcceptTerms> = {}): AcceptTerms {
  return { now, maxBacklog: 1000, dedupeWindowMs: HOUR, claim: undefined, ...more };
}

export const unchanged: HealthUpdate = (health) => health;

export function settleTerms(
  claimNext?: ClaimTerms,
  updateHealth = unchanged,
  conversation?: ConversationUpdate,
): SettleSendTerms {
  return { updateHealth, claimNext, conversation };
}
