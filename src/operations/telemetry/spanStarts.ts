import { SpanKind } from '@opentelemetry/api';
import type { ClaimedSend, ClaimedTurn } from '../../store/deliveryStore';
import { MESSAGING_SYSTEM, SpanAttributes } from './attributes';
import type { SpanStart } from './openSpan';

/** What is the same for spans of all kinds. */
export interface SpanTerms {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly showsConversationId: boolean;
}

/** @param traceContext The `traceparent` of the request, if it has one that may be followed. */
export function spanOfReceipt(traceContext: string | undefined, { at }: SpanTerms): SpanStart {
  return {
    name: 'webex_connect receive',
    kind: SpanKind.CONSUMER,
    traceContext,
    prefersActive: true,
    attributes: {
      [SpanAttributes.system]: MESSAGING_SYSTEM,
      [SpanAttributes.operation]: 'receive',
      [SpanAttributes.method]: 'POST',
    },
    at,
  };
}

/** One run of a stored event's turn. */
export function spanOfTurn({ event, attempt }: ClaimedTurn, terms: SpanTerms): SpanStart {
  return {
    name: 'webex_connect turn',
    kind: SpanKind.CONSUMER,
    traceContext: event.traceContext,
    attributes: {
      [SpanAttributes.system]: MESSAGING_SYSTEM,
      [SpanAttributes.operation]: 'process',
      [SpanAttributes.messageId]: event.id,
      [SpanAttributes.conversationId]: shown(event.conversationId, terms),
      [SpanAttributes.source]: event.source,
      [SpanAttributes.attempt]: attempt,
    },
    at: terms.at,
  };
}

/** A turn that no event has begun. */
export function spanOfProactiveTurn(conversationId: string | undefined, terms: SpanTerms): SpanStart {
  return {
    name: 'webex_connect turn',
    kind: SpanKind.INTERNAL,
    traceContext: undefined,
    prefersActive: true,
    attributes: {
      [SpanAttributes.system]: MESSAGING_SYSTEM,
      [SpanAttributes.conversationId]: shown(conversationId, terms),
      [SpanAttributes.source]: 'proactive',
    },
    at: terms.at,
  };
}

/** One attempt to send a message. */
export function spanOfSend({ message, attempt }: ClaimedSend, terms: SpanTerms): SpanStart {
  return {
    name: 'webex_connect send',
    kind: SpanKind.PRODUCER,
    traceContext: message.traceContext,
    attributes: {
      [SpanAttributes.system]: MESSAGING_SYSTEM,
      [SpanAttributes.operation]: 'send',
      [SpanAttributes.destination]: message.destination,
      [SpanAttributes.messageId]: message.id,
      [SpanAttributes.conversationId]: shown(message.conversationId, terms),
      [SpanAttributes.method]: 'POST',
      [SpanAttributes.attempt]: attempt,
    },
    at: terms.at,
  };
}

/** The ID of a conversation, where it may be seen. */
export function shown(conversationId: string | undefined, terms: SpanTerms): string | undefined {
  return terms.showsConversationId ? conversationId : undefined;
}
