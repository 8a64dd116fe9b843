/**
 * The attributes of spans. Where OpenTelemetry's semantic conventions for messaging and HTTP have one, it is theirs. None
 * ever holds what somebody said, a token or an address (I9); `docs/telemetry.md` lists them, and a test compares.
 */
export const SpanAttributes = {
  system: 'messaging.system',
  operation: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  messageId: 'messaging.message.id',
  conversationId: 'messaging.message.conversation_id',
  method: 'http.request.method',
  status: 'http.response.status_code',
  errorType: 'error.type',
  source: 'webex_connect.event.source',
  attempt: 'webex_connect.attempt',
  outcome: 'webex_connect.outcome',
  isAmbiguous: 'webex_connect.ambiguous',
} as const;

/** `messaging.system` of every span. */
export const MESSAGING_SYSTEM = 'webex_connect';
