import type { BotConversationRecord } from '../../../../src/store/conversationRecord';
import type { DeliveryStore, SendSettlement } from '../../../../src/store/deliveryStore';
import { botRecord, know, tied, transcriptEntry, untied } from '../../../support/conversationSamples';
import { present } from '../../../support/present';
import { acceptAt, claimBy, newEvent, newMessage, settleTerms, T0 } from '../../../support/storeSamples';
import { claimSend, claimTurn } from '../../../support/storeSteps';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The conversation that the story is about, and the agent's that belongs to it. */
export const CONVERSATION = 'CONV-7f3a1c52';
export const AGENT_CONVERSATION = 'CONV-AGENT-33';

/** What the customer has said; it must show only when somebody asks for it. */
export const PRIVATE_WORDS = 'my PIN is 4711';

/**
 * An afternoon at a service desk, in a store: a customer is answered at the second attempt; one answer is refused for
 * what it holds, and one event makes the bot fail; then an agent takes over and gives back. Meanwhile a request came
 * that nobody can read, and somebody's agent conversation that nothing ties.
 */
export async function tellStory(store: DeliveryStore): Promise<void> {
  await answerAtSecondAttempt(store);
  await refuseAnswer(store);
  await failTurn(store);
  await store.quarantine(
    {
      id: 'request-1',
      body: `{"Event":"Incoming message","Message":"${PRIVATE_WORDS}"}`,
      reason: 'the event has no conversation ID',
      receivedAt: T0 - 20 * MINUTE,
    },
    10,
  );
  await know(
    store,
    storyRecord(),
    tied(AGENT_CONVERSATION, CONVERSATION),
    untied('CONV-AGENT-71', { channel: 'whatsapp', firstAgentMessageAt: T0 - MINUTE }),
  );
  await know(
    store,
    botRecord('CONV-91d0', { channel: 'sms', firstSeenAt: T0 - 9 * MINUTE, lastSeenAt: T0 - MINUTE }),
  );
}

async function answerAtSecondAttempt(store: DeliveryStore): Promise<void> {
  const at = T0 - 30 * MINUTE;
  await takeTurn(store, 'event-1', at, { kind: 'completed' });
  const failed = {
    kind: 'retry',
    at: at + 300,
    notBefore: at + 5 * SECOND,
    error: 'the webhook answered 503',
    isAmbiguous: false,
  } as const;
  await settle(store, at + 100, failed);
  await settle(store, at + 5 * SECOND, {
    kind: 'delivered',
    at: at + 5 * SECOND + 120,
    platformMessageId: 'P1',
  });
}

async function refuseAnswer(store: DeliveryStore): Promise<void> {
  const at = T0 - 25 * MINUTE;
  await takeTurn(store, 'event-2', at, { kind: 'completed' });
  const reason = 'the webhook answered 400';
  await settle(store, at + 100, {
    kind: 'dead',
    at: at + 250,
    reason,
    isAmbiguous: false,
    notice: undefined,
  });
}

async function failTurn(store: DeliveryStore): Promise<void> {
  const at = T0 - 22 * MINUTE;
  await store.accept(newEvent(CONVERSATION, 'event-3', { receivedAt: at }), acceptAt(at));
  const turn = await claimTurn(store, claimBy('a', at));
  await store.settleTurn(
    turn,
    { kind: 'retry', at: at + 10, notBefore: at + SECOND, cause: 'TypeError' },
    undefined,
  );
  const again = await claimTurn(store, claimBy('a', at + SECOND));
  const reason = 'the turn failed 2 times: TypeError';
  const details = `Unexpected "${PRIVATE_WORDS}"`;
  await store.settleTurn(
    again,
    { kind: 'quarantined', at: at + SECOND + 10, reason, details, cause: 'TypeError' },
    undefined,
  );
}

/** An event is stored and its turn says one thing. */
async function takeTurn(
  store: DeliveryStore,
  eventId: string,
  at: number,
  end: { readonly kind: 'completed' },
): Promise<void> {
  const transcript = transcriptEntry(CONVERSATION, eventId, {
    happenedAt: at,
    json: JSON.stringify({
      type: 'message',
      id: eventId,
      text: PRIVATE_WORDS,
      timestamp: new Date(at).toISOString(),
      from: { id: 'c', role: 'user' },
      channelData: { webexConnect: { author: 'customer' } },
    }),
  });
  await store.accept(newEvent(CONVERSATION, eventId, { receivedAt: at }), acceptAt(at, { transcript }));
  const turn = await claimTurn(store, claimBy('a', at));
  const body = JSON.stringify({
    eventid: '1001',
    conversation_id: CONVERSATION,
    message: `You said: ${PRIVATE_WORDS}`,
  });
  const message = newMessage(CONVERSATION, `${eventId}.1`, { stagedAt: at + 80, body });
  await store.stage([message], { turn, claim: undefined });
  await store.settleTurn(turn, end, claimBy('a', at + 90));
}

async function settle(store: DeliveryStore, now: number, settlement: SendSettlement): Promise<void> {
  const send = present(await claimSend(store, claimBy('a', now)));
  await store.settleSend(send, settlement, settleTerms());
}

function storyRecord(): BotConversationRecord {
  const requestedAt = T0 - 15 * MINUTE;
  return botRecord(CONVERSATION, {
    channel: 'livechat',
    firstSeenAt: T0 - 30 * MINUTE,
    lastSeenAt: T0 - 2 * MINUTE,
    lastEvents: [{ event: 'Incoming message', at: T0 - 2 * MINUTE, messageId: 'MSG-12' }],
    customParams: { customparam1: 'gold customer' },
    agentConversations: [
      {
        id: AGENT_CONVERSATION,
        tiedBy: 'field',
        firstSeenAt: requestedAt + 40 * SECOND,
        lastSeenAt: T0 - 3 * MINUTE,
      },
    ],
    pastHandovers: [
      {
        id: 'handover-1',
        requestedAt,
        acknowledgedAt: requestedAt + 400,
        acceptedAt: requestedAt + 40 * SECOND,
        agentConversationIds: [AGENT_CONVERSATION],
        outcome: 'completed',
        endedAt: T0 - 2 * MINUTE,
        reason: '',
        noticeId: 'notice-1',
        isTold: true,
      },
    ],
  });
}
