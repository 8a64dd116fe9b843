import type { Activity, ChannelAccount } from 'botbuilder';
import { WEBEX_CONNECT_CHANNEL_ID, WEBEX_CONNECT_SERVICE_URL } from './eventNames';

/** Where an activity of the customer's side belongs: channel, conversation, sender and recipient. */
export function address(conversationId: string, userId: string, botId: string) {
  const user: ChannelAccount = { id: userId, name: '', role: 'user' };
  const bot: ChannelAccount = { id: botId, name: '', role: 'bot' };
  return {
    channelId: WEBEX_CONNECT_CHANNEL_ID,
    serviceUrl: WEBEX_CONNECT_SERVICE_URL,
    conversation: { id: conversationId, name: '', isGroup: false, conversationType: 'personal' },
    from: user,
    recipient: bot,
  } satisfies Partial<Activity>;
}
