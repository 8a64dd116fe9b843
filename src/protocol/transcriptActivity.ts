import type { Activity, ChannelAccount } from 'botbuilder';
import { address } from './address';
import { toAttachment } from './attachments';
import type { InboundEvent } from './inboundEvent';
import { type ActivityStamp, placed } from './toActivity';
import type { TranscriptAuthor } from './transcript';

/** The agent stands on the bot's side of Bot Framework Emulator, under this name. */
const AGENT_NAME = 'Agent';

/** What {@link transcriptOfReply} needs beside the activity. */
export interface ReplyStamp {
  /** The activity's id, as the bot was told. */
  readonly id: string;
  readonly conversationId: string;
  readonly botId: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** As the customer sees it. */
  readonly text: string;
}

/**
 * What an event adds to the transcript of its conversation: a `message` activity with the author in
 * `channelData.webexConnect.author`. Pure.
 *
 * @returns `undefined` for an event by which nobody says anything.
 */
export function transcriptOfEvent(event: InboundEvent, stamp: ActivityStamp): Partial<Activity> | undefined {
  switch (event.kind) {
    case 'message':
      return said(event, stamp, 'customer', {
        text: event.text,
        attachments: event.media.map(toAttachment),
      });
    case 'postback':
      return said(event, stamp, 'customer', { text: event.postbackPayload, attachments: [] });
    case 'mirroredMessage':
      return said(event, stamp, event.author, {
        text: event.text || (event.postbackPayload ?? ''),
        attachments: event.media.map(toAttachment),
      });
    case 'messageDelivery':
    case 'unknown':
      return undefined;
  }
}

/** What a message of the bot adds to the transcript of its conversation. Pure. */
export function transcriptOfReply(activity: Partial<Activity>, stamp: ReplyStamp): Partial<Activity> {
  const userId = activity.recipient?.id || stamp.conversationId;
  const { from: user, recipient: bot, ...rest } = address(stamp.conversationId, userId, stamp.botId);
  return {
    ...rest,
    type: 'message',
    id: stamp.id,
    timestamp: new Date(stamp.time),
    from: bot,
    recipient: user,
    text: stamp.text,
    textFormat: 'plain',
    // The text shows them already: the customer saw no more.
    attachments: [],
    channelData: { webexConnect: { author: 'bot' satisfies TranscriptAuthor } },
  };
}

function said(
  sent: InboundEvent,
  stamp: ActivityStamp,
  author: TranscriptAuthor,
  content: Pick<Activity, 'text' | 'attachments'>,
): Partial<Activity> {
  const event = placed(sent, stamp);
  const {
    from: user,
    recipient: bot,
    ...rest
  } = address(event.conversationId, stamp.userId(event), stamp.botId);
  const agentConversationId = event.kind === 'mirroredMessage' ? event.agentConversationId : undefined;
  return {
    ...rest,
    type: 'message',
    id: event.messageId ?? stamp.eventId,
    timestamp: new Date(event.timestamp ?? stamp.receivedAt),
    from: author === 'agent' ? agent(agentConversationId ?? event.conversationId) : user,
    recipient: author === 'agent' ? user : bot,
    textFormat: 'plain',
    ...content,
    channelData: {
      webexConnect: { author, ...(agentConversationId !== undefined && { agentConversationId }) },
    },
  };
}

function agent(id: string): ChannelAccount {
  return { id, name: AGENT_NAME, role: 'bot' };
}
