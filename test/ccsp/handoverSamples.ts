import type { HandoverRequest } from '../../src/ccsp/ccspBridge';
import { CONVERSATION_ID } from '../support/decoding';

/** A handover in which everything is said. */
export const HANDOVER: HandoverRequest = {
  id: 'ACT-1',
  conversationId: CONVERSATION_ID,
  channel: 'FB',
  requestedAt: Date.UTC(2026, 2, 9, 14, 6, 0, 500),
  context: { skill: 'billing' },
  transcript: [
    { author: 'customer', text: 'A person, please', timestamp: '2026-03-09T14:05:58.500Z' },
    { author: 'bot', text: 'One moment', timestamp: '2026-03-09T14:05:59.500Z' },
  ],
  customParams: {},
};
