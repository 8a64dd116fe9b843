import assert from 'node:assert/strict';
import type { Activity } from 'botbuilder';
import fc from 'fast-check';
import { OPAQUE_MEDIA_CONTENT_TYPE } from '../../src/protocol/attachments';
import type { InboundEvent } from '../../src/protocol/inboundEvent';
import type { JsonObject, JsonValue } from '../../src/protocol/json';
import { mirroredOfCrossing } from '../../src/protocol/mirroredOfCrossing';
import { type ActivityStamp, deliveryFailedActivity, toActivity } from '../../src/protocol/toActivity';
import { CONVERSATION_ID, decode, decodeAs, objectIn, RECEIVED_AT } from '../support/decoding';
import { payload } from '../support/fixtures';
import { anyEventPayload } from '../support/wireArbitraries';

const STAMP: ActivityStamp = {
  eventId: 'EVENT-1',
  receivedAt: RECEIVED_AT,
  botId: 'bot',
  userId: (event: InboundEvent) => event.conversationId,
};

function translate(fields: JsonObject, stamp: Partial<ActivityStamp> = {}): Partial<Activity> {
  return toActivity(decode(fields), { ...STAMP, ...stamp });
}

function envelope(conversationId: string): Partial<Activity> {
  return {
    channelId: 'webexconnect',
    serviceUrl: 'https://webexconnect.io/',
    conversation: { id: conversationId, name: '', isGroup: false, conversationType: 'personal' },
    from: { id: conversationId, name: '', role: 'user' },
    recipient: { id: 'bot', name: '', role: 'bot' },
  };
}

const message = payload('incoming-message');
const agentMessage = {
  Conversationid: 'AGENT-1',
  ConversationType: 'AGENT',
  Message: 'I will look into it.',
  Messageid: 'MSG-9',
  Event: 'Agent message',
  Timestamp: '2026-03-09 14:07:00.00',
};

describe('Section 5, row "Incoming message, type BOT": message', () => {
  it('becomes a message activity', () => {
    assert.deepEqual(translate(message), {
      ...envelope(CONVERSATION_ID),
      type: 'message',
      id: 'MSG-000001',
      timestamp: new Date('2026-03-09T14:05:07.250Z'),
      text: 'Where is my order?',
      textFormat: 'plain',
      attachments: [],
      channelData: {
        ...message,
        webexConnect: {
          event: 'Incoming message',
          channel: 'FB',
          conversationType: 'BOT',
          messageType: 'TEXT',
          isPostback: false,
        },
      },
    });
  });

  it('has the attachments of Media', () => {
    const Media = [{ url: 'https://x.example/a.png', name: 'A' }, 'https://x.example/b.pdf', { id: 7 }];
    assert.deepEqual(translate({ ...message, Media }).attachments, [
      { contentType: 'image/png', contentUrl: 'https://x.example/a.png', name: 'A' },
      { contentType: 'application/pdf', contentUrl: 'https://x.example/b.pdf' },
      { contentType: OPAQUE_MEDIA_CONTENT_TYPE, content: { id: 7 } },
    ]);
  });

  it('comes from the conversation ID, for the platform sends no user ID', () => {
    assert.equal(translate(message).from?.id, CONVERSATION_ID);
  });

  it('comes from whom the option names', () => {
    const userId = (event: InboundEvent) => String(event.payload.Phone);
    const activity = translate({ ...message, Phone: '+15551234' }, { userId });
    assert.equal(activity.from?.id, '+15551234');
    assert.equal(activity.conversation?.id, CONVERSATION_ID);
  });

  it('goes to the bot that the option names', () => {
    assert.equal(translate(message, { botId: 'desk' }).recipient?.id, 'desk');
  });

  it('has the id of the stored event where there is no Messageid', () => {
    assert.equal(translate({ ...message, Messageid: '' }).id, 'EVENT-1');
  });

  it('has the time of arrival where there is no timestamp', () => {
    assert.deepEqual(translate({ ...message, Timestamp: '' }).timestamp, new Date(RECEIVED_AT));
  });

  it('keeps a timestamp of the first second of 1970', () => {
    assert.deepEqual(translate({ ...message, Timestamp: '1970-01-01 00:00:00.00' }).timestamp, new Date(0));
  });
});

describe('Section 5, row "FB POSTBACK": message with text and value', () => {
  it('becomes a message activity, marked in channelData', () => {
    assert.deepEqual(translate(payload('postback')), {
      ...envelope(CONVERSATION_ID),
      type: 'message',
      id: 'EVENT-1',
      timestamp: new Date('2026-03-09T14:05:09.100Z'),
      text: 'TRACK_ORDER',
      textFormat: 'plain',
      value: 'TRACK_ORDER',
      attachments: [],
      channelData: {
        ...payload('postback'),
        webexConnect: { event: 'FB POSTBACK', channel: 'FB', conversationType: 'BOT', isPostback: true },
      },
    });
  });
});

describe('Section 5, row "Message Delivery": event webexConnect.messageDelivery', () => {
  const delivery = payload('message-delivery');

  it('becomes an event activity with message ID, status and description', () => {
    assert.deepEqual(translate(delivery), {
      ...envelope(CONVERSATION_ID),
      type: 'event',
      name: 'webexConnect.messageDelivery',
      id: 'EVENT-1',
      timestamp: new Date('2026-03-09T14:05:12.990Z'),
      value: { messageId: 'MSG-000002', status: 'Failed', description: 'User has opted out' },
      channelData: {
        ...delivery,
        webexConnect: {
          event: 'Message Delivery',
          channel: 'FB',
          conversationType: 'BOT',
          isPostback: false,
        },
      },
    });
  });

  it('has no id of its own, for several statuses share one Messageid', () => {
    assert.equal(translate({ ...delivery, DeliveryStatus: 'Read' }, { eventId: 'EVENT-2' }).id, 'EVENT-2');
  });

  it('replies to the activity it is about, when that was found', () => {
    assert.equal(translate(delivery, { replyToId: 'ACT-1' }).replyToId, 'ACT-1');
  });

  it('replies to nothing otherwise', () => assert.equal('replyToId' in translate(delivery), false));

  it('says only what the platform said', () => {
    const { Messageid: _id, Description: _description, ...rest } = delivery;
    assert.deepEqual(translate({ ...rest, DeliveryStatus: 'Delivered' }).value, { status: 'Delivered' });
  });
});

describe('Section 5, row "any message whose type is not BOT": event webexConnect.mirroredMessage', () => {
  it('becomes an event activity of the BOT conversation it is tied to', () => {
    assert.deepEqual(translate(agentMessage, { tiedTo: 'CONV-1' }), {
      ...envelope('CONV-1'),
      type: 'event',
      name: 'webexConnect.mirroredMessage',
      id: 'MSG-9',
      timestamp: new Date('2026-03-09T14:07:00Z'),
      value: {
        author: 'agent',
        agentConversationId: 'AGENT-1',
        isTied: true,
        crossedHandover: false,
        messageId: 'MSG-9',
        text: 'I will look into it.',
      },
      attachments: [],
      channelData: {
        ...agentMessage,
        webexConnect: { event: 'Agent message', conversationType: 'AGENT', isPostback: false },
      },
    });
  });

  it('stays in its own conversation when nobody has found its BOT conversation, whatever it says', () => {
    const activity = translate({ ...agentMessage, BotConversationid: 'CONV-1' });
    assert.equal(activity.conversation?.id, 'AGENT-1');
    assert.equal(activity.value.isTied, false);
  });

  it('comes from the user of the BOT conversation, whose state the bot keeps', () => {
    const userId = (event: InboundEvent) => `user of ${event.conversationId}`;
    assert.equal(translate(agentMessage, { tiedTo: 'CONV-1', userId }).from?.id, 'user of CONV-1');
  });

  it("is the customer's when the Event does not name an agent", () => {
    assert.equal(translate({ ...agentMessage, Event: 'Incoming message' }).value.author, 'customer');
  });

  it('has the attachments of Media', () => {
    const activity = translate({ ...agentMessage, Media: 'https://x.example/a.png' });
    assert.deepEqual(activity.attachments, [
      { contentType: 'image/png', contentUrl: 'https://x.example/a.png' },
    ]);
  });

  it('carries what the customer tapped, marked in channelData', () => {
    const { Messageid: _, ...rest } = agentMessage;
    const activity = translate({ ...rest, Message: '', Event: 'FB POSTBACK', PostbackPayload: 'YES' });
    assert.deepEqual(activity.value, {
      author: 'customer',
      agentConversationId: 'AGENT-1',
      isTied: false,
      crossedHandover: false,
      text: '',
      postbackPayload: 'YES',
    });
    assert.equal(activity.channelData.webexConnect.isPostback, true);
  });

  it('is never a message activity, so that no onMessage runs', () => {
    const types = fc.constantFrom('AGENT', 'CCSP', 'bots', '0');
    fc.assert(
      fc.property(anyEventPayload, types, (fields, ConversationType) => {
        assert.equal(translate({ ...fields, ConversationType }).type, 'event');
      }),
    );
  });
});

describe('a message that crossed a handover: event webexConnect.mirroredMessage', () => {
  it('is the customer’s, of the BOT conversation, with the id and time it came with', () => {
    const crossing = mirroredOfCrossing(decodeAs('message', message));
    const direct = translate(message);
    assert.deepEqual(toActivity(crossing, STAMP), {
      ...envelope(CONVERSATION_ID),
      type: 'event',
      name: 'webexConnect.mirroredMessage',
      id: 'MSG-000001',
      timestamp: direct.timestamp,
      value: {
        author: 'customer',
        isTied: true,
        crossedHandover: true,
        messageId: 'MSG-000001',
        text: 'Where is my order?',
      },
      attachments: [],
      channelData: direct.channelData,
    });
  });

  it('has the attachments of Media', () => {
    const fields = { ...message, Media: 'https://x.example/a.png' };
    assert.deepEqual(
      toActivity(mirroredOfCrossing(decodeAs('message', fields)), STAMP).attachments,
      translate(fields).attachments,
    );
  });

  it('carries what the customer tapped, marked in channelData', () => {
    const activity = toActivity(mirroredOfCrossing(decodeAs('postback', payload('postback'))), STAMP);
    assert.deepEqual(activity.value, {
      author: 'customer',
      isTied: true,
      crossedHandover: true,
      text: '',
      postbackPayload: 'TRACK_ORDER',
    });
    assert.equal(activity.channelData.webexConnect.isPostback, true);
    assert.deepEqual(activity.attachments, []);
    assert.equal(activity.id, 'EVENT-1');
  });
});

describe('Section 4, row "Unknown Event": event with its name', () => {
  it('becomes an event activity with the payload as its value', () => {
    const fields = { ...message, Event: 'Milestone Reached' };
    const activity = translate(fields);
    assert.equal(activity.type, 'event');
    assert.equal(activity.name, 'Milestone Reached');
    assert.deepEqual(activity.value, fields);
  });

  for (const Event of [
    'webexConnect.deliveryFailed',
    'WEBEXCONNECT.messageDelivery',
    'handoff.status',
    'tokens/response',
    'ContinueConversation',
    'CreateConversation',
  ]) {
    it(`cannot pose as ${Event}, which means something to a bot`, () => {
      const activity = translate({ ...message, Event });
      assert.equal(activity.name, 'webexConnect.unknown');
      assert.equal(activity.channelData.webexConnect.event, Event);
    });
  }

  for (const Event of [
    'handoff',
    'Handover',
    'tokens',
    'ContinueConversation later',
    'CreateConversation later',
    'my.webexConnect.event',
  ]) {
    it(`keeps the name ${Event}, which only resembles a reserved one`, () => {
      assert.equal(translate({ ...message, Event }).name, Event);
    });
  }

  it("is one of the BOT conversation that the agent's is tied to", () => {
    const fields = { Conversationid: 'AGENT-1', ConversationType: 'AGENT', Event: 'Chat Closed' };
    const activity = translate(fields, { tiedTo: 'CONV-1' });
    assert.deepEqual({ ...activity, ...envelope('CONV-1') }, activity);
    assert.equal(translate(fields).conversation?.id, 'AGENT-1');
  });

  it('has a name of the package where it has none', () => {
    assert.equal(translate({ Conversationid: 'C' }).name, 'webexConnect.unknown');
  });
});

describe('toActivity, channelData', () => {
  it('keeps every field as it came, documented or not', () => {
    fc.assert(
      fc.property(anyEventPayload, (fields) => {
        const { webexConnect, ...rest } = translate(fields).channelData;
        assert.deepEqual(rest, fields);
        assert.equal(typeof webexConnect.isPostback, 'boolean');
      }),
    );
  });

  it('says what the adapter says, also when the payload has a field webexConnect', () => {
    const { channelData } = translate({ ...message, webexConnect: { isPostback: true } });
    assert.equal(channelData.webexConnect.isPostback, false);
  });

  for (const id of ['"C"', '12345678901234567890']) {
    it(`gives the bot no __proto__ field, with the conversation ID ${id}`, () => {
      const { channelData } = translate(
        objectIn(`{"__proto__":{"polluted":true,"webexConnect":1},"Conversationid":${id},"Message":"hi"}`),
      );
      assert.deepEqual(Object.keys(channelData), ['Conversationid', 'Message', 'webexConnect']);
      assert.equal(Object.getPrototypeOf(channelData), Object.prototype);
      assert.equal(channelData.polluted, undefined);
      assert.equal(channelData.webexConnect.event, '');
      assert.equal(Reflect.get({}, 'polluted'), undefined);
      assert.deepEqual(JSON.parse(JSON.stringify(channelData)), channelData);
    });
  }
});

describe('toActivity on any event', () => {
  it('gives an address, an id, a valid time and a type', () => {
    fc.assert(
      fc.property(anyEventPayload, (fields) => {
        const activity = translate(fields);
        assert.match(activity.type ?? '', /^(message|event)$/);
        assert.notEqual(activity.id ?? '', '');
        assert.equal(Number.isNaN(activity.timestamp?.getTime()), false);
        assert.deepEqual({ ...activity, ...envelope(activity.conversation?.id ?? '') }, activity);
        if (activity.type === 'event') assert.notEqual(activity.name ?? '', '');
      }),
    );
  });

  it('gives what JSON can carry', () => {
    fc.assert(
      fc.property(anyEventPayload, (fields) => {
        const activity = translate(fields);
        const carried: Record<string, JsonValue> = JSON.parse(JSON.stringify(activity));
        assert.deepEqual(carried, { ...activity, timestamp: activity.timestamp?.toISOString() });
      }),
    );
  });
});

describe('deliveryFailedActivity', () => {
  it('replies to the message that was given up', () => {
    const value = { deadLetterId: 'D-1', activityId: 'ACT-1', reason: '400 Bad Request', attempts: 1 };
    assert.deepEqual(deliveryFailedActivity('CONV-1', value, STAMP), {
      ...envelope('CONV-1'),
      type: 'event',
      name: 'webexConnect.deliveryFailed',
      id: 'EVENT-1',
      timestamp: new Date(RECEIVED_AT),
      value,
      replyToId: 'ACT-1',
    });
  });
});
