import type { Contender } from '../contenders';

/** What the load generator POSTs. */
export interface BodyPlan {
  readonly contender: Contender;
  /** In how many conversations the messages are spread. */
  readonly conversations: number;
  /** Makes the IDs of one run different from those of another. */
  readonly run: string;
  /** Where a Bot Framework channel wants its replies; of no use to others. */
  readonly serviceUrl: string;
}

/** The n-th body of a run, as the contender's platform would send it. */
export function bodyOf(plan: BodyPlan, n: number): string {
  const conversation = `C-${plan.run}-${n % plan.conversations}`;
  const id = `M-${plan.run}-${n}`;
  switch (plan.contender) {
    case 'cloudadapter':
      return JSON.stringify({
        type: 'message',
        id,
        timestamp: '2026-03-09T14:05:07.250Z',
        serviceUrl: plan.serviceUrl,
        channelId: 'bench',
        from: { id: conversation, role: 'user' },
        recipient: { id: 'bot', role: 'bot' },
        conversation: { id: conversation },
        text: `Where is my order ${n}?`,
      });
    case 'peer':
      return JSON.stringify({ type: 'message', user: conversation, text: `Where is my order ${n}?` });
    default:
      // As documented: reference, "Incoming message on a channel".
      return JSON.stringify({
        Conversationid: conversation,
        ConversationType: 'BOT',
        Channel: 'WHATSAPP',
        Event: 'Incoming message',
        Message: `Where is my order ${n}?`,
        MessageType: 'TEXT',
        Messageid: id,
        Timestamp: '2026-03-09 14:05:07.25',
      });
  }
}
