import { CONVERSATION_ID } from '../../support/decoding';

/** What each documented payload of an event says. */
export const meanings = {
  'incoming-message': {
    kind: 'message',
    conversationId: CONVERSATION_ID,
    conversationType: 'BOT',
    eventName: 'Incoming message',
    channel: 'FB',
    messageId: 'MSG-000001',
    timestamp: Date.UTC(2026, 2, 9, 14, 5, 7, 250),
    text: 'Where is my order?',
    messageType: 'TEXT',
    media: [],
  },
  postback: {
    kind: 'postback',
    conversationId: CONVERSATION_ID,
    conversationType: 'BOT',
    eventName: 'FB POSTBACK',
    channel: 'FB',
    messageId: undefined,
    timestamp: Date.UTC(2026, 2, 9, 14, 5, 9, 100),
    postbackPayload: 'TRACK_ORDER',
  },
  'message-delivery': {
    kind: 'messageDelivery',
    conversationId: CONVERSATION_ID,
    conversationType: 'BOT',
    eventName: 'Message Delivery',
    channel: 'FB',
    messageId: 'MSG-000002',
    timestamp: Date.UTC(2026, 2, 9, 14, 5, 12, 990),
    status: 'Failed',
    description: 'User has opted out',
    ofAgent: undefined,
  },
};
