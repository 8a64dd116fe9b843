import type { IncomingMessageEvent, MirroredMessageEvent, PostbackEvent } from './inboundEvent';

/**
 * A message of the customer to the bot that came while the conversation was being handed over, as the bot may see it:
 * mirrored, so that it does not answer what belongs to the agent. Pure.
 */
export function mirroredOfCrossing(event: IncomingMessageEvent | PostbackEvent): MirroredMessageEvent {
  const { conversationId, conversationType, eventName, channel, messageId, timestamp, payload } = event;
  const said =
    event.kind === 'message'
      ? { text: event.text, messageType: event.messageType, media: event.media, postbackPayload: undefined }
      : { text: '', messageType: undefined, media: [], postbackPayload: event.postbackPayload };
  return {
    kind: 'mirroredMessage',
    conversationId,
    conversationType,
    eventName,
    channel,
    messageId,
    timestamp,
    payload,
    author: 'customer',
    agentConversationId: undefined,
    tie: undefined,
    crossedHandover: true,
    ...said,
  };
}
