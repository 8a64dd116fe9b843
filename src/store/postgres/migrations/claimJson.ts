/** A turn as its claimer gets it. @param i The event's row. @param lane Its lane, just claimed. */
export function turnJson(schema: string, i: string, lane: string): string {
  return `json_build_object(
    'id', ${i}.id, 'conversationId', ${i}.conversation_id, 'source', ${i}.source, 'payload', ${i}.payload,
    'dedupeKey', ${i}.dedupe_key, 'receivedAt', ${i}.received_at, 'traceContext', ${i}.trace_context,
    'attempt', (${lane}).attempts, 'fence', (${lane}).fence,
    'conversation', (
      SELECT c.record FROM ${schema}.conversations c WHERE c.conversation_id = ${i}.conversation_id AND c.eventful))`;
}

/** A send as its claimer gets it. @param o The message's row. @param lane Its lane, just claimed. */
export function sendJson(o: string, lane: string): string {
  return `json_build_object(
    'id', ${o}.id, 'activityId', ${o}.activity_id, 'conversationId', ${o}.conversation_id,
    'destination', ${o}.destination, 'body', ${o}.body, 'stagedAt', ${o}.staged_at,
    'role', ${o}.role, 'reportsFailure', ${o}.reports_failure, 'traceContext', ${o}.trace_context,
    'eventReceivedAt', ${o}.event_received_at,
    'ambiguousAttempts', ${o}.ambiguous_attempts + (${lane}).ambiguous_attempts,
    'lastError', coalesce((${lane}).last_error, ${o}.last_error),
    'attempt', (${lane}).attempts, 'fence', (${lane}).fence)`;
}

/** The row of a lane's head, for a join. */
export function headOf(table: string, lane: string, condition = 'true'): string {
  return `LATERAL (
    SELECT * FROM ${table} h WHERE ${condition} AND h.lane = (${lane}).number AND h.seq = (${lane}).head OFFSET 0)`;
}
