import type { ClaimedSend, DeadLetter, NewOutboxMessage, OutboxMessage } from '../deliveryStore';
import { integer, optionalInteger, optionalText, text } from './driver/row';
import type { Row } from './driver/sqliteDriver';
import type { ClaimedHead } from './laneTable';

export function toMessage(row: Row): OutboxMessage {
  return {
    id: text(row, 'id'),
    activityId: text(row, 'activity_id'),
    conversationId: text(row, 'conversation_id'),
    destination: text(row, 'destination'),
    body: text(row, 'body'),
    stagedAt: integer(row, 'staged_at'),
    role: toRole(text(row, 'role')),
    reportsFailure: integer(row, 'reports_failure') === 1,
    traceContext: optionalText(row, 'trace_context'),
    eventReceivedAt: optionalInteger(row, 'event_received_at'),
    ambiguousAttempts: integer(row, 'ambiguous_attempts'),
    lastError: optionalText(row, 'last_error'),
  };
}

export function toSend({ row, fence }: ClaimedHead): ClaimedSend {
  return { message: toMessage(row), attempt: integer(row, 'attempts'), fence };
}

export function toDeadLetter(row: Row): DeadLetter {
  return {
    ...toMessage(row),
    attempts: integer(row, 'attempts'),
    reason: text(row, 'last_error'),
    diedAt: integer(row, 'ended_at'),
  };
}

export function toRole(value: string): NewOutboxMessage['role'] {
  if (value === 'message' || value === 'handover' || value === 'handoverCopy') return value;
  throw new TypeError(`The outbox holds a message of an unknown role, '${value}'.`);
}
