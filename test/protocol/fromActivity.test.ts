import assert from 'node:assert/strict';
import { ActionTypes, type Activity, CardFactory, MessageFactory } from 'botbuilder';
import fc from 'fast-check';
import { WebexConnectInvalidActivityError } from '../../src/errors';
import {
  fromActivity,
  type OutboundSettings,
  type OutboundTranslation,
} from '../../src/protocol/fromActivity';
import type { JsonObject } from '../../src/protocol/json';
import { CONVERSATION_ID } from '../support/decoding';
import { payload } from '../support/fixtures';

const SETTINGS: OutboundSettings = {
  messageType: 'TEXT',
  maxMessageLength: 1024,
  hourClock: 24,
  closeEventId: undefined,
};
const REPLY_TIME = Date.UTC(2026, 2, 9, 14, 5, 8, 31);

function translate(
  activity: Partial<Activity>,
  settings: Partial<OutboundSettings> = {},
  time = REPLY_TIME,
): OutboundTranslation {
  return fromActivity(activity, CONVERSATION_ID, time, { ...SETTINGS, ...settings });
}

function payloadsOf(translation: OutboundTranslation): readonly JsonObject[] {
  assert.ok(translation.kind === 'wire', `expected something on the wire, got ${translation.kind}`);
  return translation.payloads;
}

function reasonOf(translation: OutboundTranslation): string {
  assert.ok(translation.kind === 'unsupported', `expected a warning, got ${translation.kind}`);
  return translation.reason;
}

function textsOf(activity: Partial<Activity>, settings: Partial<OutboundSettings> = {}): readonly unknown[] {
  return payloadsOf(translate(activity, settings)).map(({ message }) => message);
}

function assertExactly(actual: readonly JsonObject[], expected: JsonObject): void {
  assert.deepEqual(actual, [expected]);
  assert.deepEqual(Object.keys(actual[0] ?? {}), Object.keys(expected));
}

describe('Section 5, row "message": 1001', () => {
  it('is written exactly as documented, keys in their order', () => {
    const reply = MessageFactory.text('Your order is on its way.');
    assertExactly(payloadsOf(translate(reply)), payload('reply-1001'));
  });

  it('is what an activity without a type becomes', () => {
    assertExactly(payloadsOf(translate({ text: 'Your order is on its way.' })), payload('reply-1001'));
  });

  it('has the configured Messagetype and clock', () => {
    const [reply] = payloadsOf(translate({ text: 'hi' }, { messageType: 'text', hourClock: 12 }));
    assert.equal(reply?.Messagetype, 'text');
    assert.equal(reply?.Timestamp, '2026-03-09 02:05:08.031');
  });

  const rendered: [string, Partial<Activity>, string][] = [
    [
      'an attachment as its link',
      MessageFactory.contentUrl('https://x.example/a.png', 'image/png', 'A map', 'Here:'),
      'Here:\n\nA map: https://x.example/a.png',
    ],
    [
      'suggested actions as numbered choices',
      MessageFactory.suggestedActions(['Yes', 'No'], 'Sure?'),
      'Sure?\n\n1. Yes\n2. No',
    ],
    [
      'a card as text, link and choices',
      MessageFactory.attachment(
        CardFactory.heroCard('Order 7', 'Paid', undefined, [
          { type: ActionTypes.ImBack, title: 'Track', value: 'track' },
          { type: ActionTypes.OpenUrl, title: 'Shop', value: 'https://x.example' },
        ]),
      ),
      'Order 7\nPaid\n1. Track\nShop: https://x.example',
    ],
  ];
  for (const [name, activity, expected] of rendered) {
    it(`shows ${name}`, () => assert.deepEqual(textsOf(activity), [expected]));
  }

  it('is split at maxMessageLength, in order', () => {
    assert.deepEqual(textsOf({ text: 'one two three four' }, { maxMessageLength: 9 }), [
      'one two',
      'three',
      'four',
    ]);
  });

  it('is split into parts that hold all its words and have the same head', () => {
    const words = fc.array(fc.stringMatching(/^\w{1,12}$/), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 80 }), (given, maxMessageLength) => {
        const parts = payloadsOf(translate({ text: given.join(' ') }, { maxMessageLength }));
        const shown = parts.map(({ message }) => String(message));
        assert.deepEqual(
          shown.filter((part) => part.length > maxMessageLength),
          [],
        );
        assert.deepEqual(shown.join(' ').split(/\s+/), given);
        for (const { eventid, conversation_id } of parts) {
          assert.deepEqual([eventid, conversation_id], ['1001', CONVERSATION_ID]);
        }
      }),
    );
  });

  it('is not split when the override names another Messagetype, for half of it would mean nothing', () => {
    const channelData = { webexConnect: { messageType: 'JSON' } };
    const [only, ...rest] = payloadsOf(
      translate({ text: 'one two three', channelData }, { maxMessageLength: 4 }),
    );
    assert.equal(only?.message, 'one two three');
    assert.equal(only?.Messagetype, 'JSON');
    assert.deepEqual(rest, []);
  });

  it('is split when the override names the default Messagetype', () => {
    const channelData = { webexConnect: { messageType: 'TEXT' } };
    assert.deepEqual(textsOf({ text: 'one two', channelData }, { maxMessageLength: 4 }), ['one', 'two']);
  });

  it('carries custom parameters, after the documented fields', () => {
    const channelData = { webexConnect: { customParams: ['a', { b: 1 }] } };
    const [reply] = payloadsOf(translate({ text: 'hi', channelData }));
    assert.deepEqual(Object.entries(reply ?? {}).slice(-2), [
      ['customparam1', 'a'],
      ['customparam2', '{"b":1}'],
    ]);
  });

  it('carries custom parameters once, with its first part', () => {
    const channelData = { webexConnect: { customParams: ['a'] } };
    const parts = payloadsOf(translate({ text: 'one two', channelData }, { maxMessageLength: 4 }));
    assert.deepEqual(
      parts.map(({ customparam1 }) => customparam1),
      ['a', undefined],
    );
  });

  it('goes out with custom parameters alone', () => {
    const channelData = { webexConnect: { customParams: ['a'] } };
    const [only, ...rest] = payloadsOf(translate({ type: 'message', channelData }));
    assert.deepEqual([only?.message, only?.customparam1, rest], ['', 'a', []]);
  });

  for (const messageType of ['TEXT', 'RICH']) {
    it(`is refused, never sent empty, when it holds nothing and is of type ${messageType}`, () => {
      const channelData = { webexConnect: { messageType } };
      const reason = reasonOf(translate({ type: 'message', text: '', channelData }));
      assert.match(reason, /nothing that a text channel can show/);
    });
  }

  it('is refused with a clear error when channelData is wrong', () => {
    const channelData = { webexConnect: { messageType: 7 } };
    assert.throws(() => translate({ text: 'hi', channelData }), WebexConnectInvalidActivityError);
  });

  it('stays in its conversation, whatever the parameters say', () => {
    const customParams = { conversation_id: 'OTHER', eventid: '1002' };
    const [reply] = payloadsOf(translate({ text: 'hi', channelData: { webexConnect: { customParams } } }));
    assert.equal(reply?.conversation_id, CONVERSATION_ID);
    assert.equal(reply?.eventid, '1001');
  });
});

describe('Section 5, row "handoff.initiate event": through the bridge', () => {
  it('says what the bot hands over, and writes nothing itself', () => {
    const transcript = { activities: [{ type: 'message', text: 'Help', from: { role: 'user' } }] };
    const activity: Partial<Activity> = {
      type: 'event',
      name: 'handoff.initiate',
      value: { skill: 'billing' },
      attachments: [{ contentType: 'application/json', name: 'Transcript', content: transcript }],
      channelData: { webexConnect: { customParams: ['gold'], eventId: '2001' } },
    };
    assert.deepEqual(translate(activity), {
      kind: 'handover',
      context: { skill: 'billing' },
      transcript: [{ author: 'customer', text: 'Help', timestamp: '2026-03-09T14:05:08.031Z' }],
      customParams: { customparam1: 'gold' },
    });
  });

  it('is refused with a clear error when JSON cannot carry its context', () => {
    const activity = { type: 'event', name: 'handoff.initiate', value: { order: 1n } };
    assert.throws(() => translate(activity), WebexConnectInvalidActivityError);
  });
});

describe('Section 5, row "endOfConversation": closes the conversation here', () => {
  it('is nothing on the wire without a close event', () => {
    assert.deepEqual(translate({ type: 'endOfConversation', text: 'Bye' }), { kind: 'close', payloads: [] });
  });

  it('is the close event that is configured', () => {
    assert.deepEqual(translate({ type: 'endOfConversation' }, { closeEventId: '1003' }), {
      kind: 'close',
      payloads: [{ eventid: '1003', conversation_id: CONVERSATION_ID, Timestamp: '2026-03-09 14:05:08.031' }],
    });
  });
});

describe('Section 5, row "delay": waits', () => {
  const delays: [string, unknown, number][] = [
    ['its value', 250, 250],
    ['not at all for 0', 0, 0],
    ['not at all for less than 0', -5, 0],
    ['a second without a value', undefined, 1000],
    ['a second for a text', '250', 1000],
    ['a second for no number', Number.NaN, 1000],
    ['a second for ever', Number.POSITIVE_INFINITY, 1000],
  ];
  for (const [name, value, delayMs] of delays) {
    it(`waits ${name}`, () =>
      assert.deepEqual(translate({ type: 'delay', value }), { kind: 'delay', delayMs }));
  }
});

describe('Section 5, rows "invokeResponse", "typing" and "trace"', () => {
  it('gives invokeResponse to the turn state', () => {
    assert.deepEqual(translate({ type: 'invokeResponse', value: { status: 200 } }), {
      kind: 'invokeResponse',
    });
  });

  for (const type of ['typing', 'trace']) {
    it(`puts nothing on the wire for ${type}`, () => {
      assert.deepEqual(translate({ type, text: 'x', channelData: { webexConnect: 'wrong' } }), {
        kind: 'silent',
      });
    });
  }
});

describe('Section 5, row "any other event": only if it names an eventid', () => {
  it('goes out under the eventId of channelData', () => {
    const channelData = { webexConnect: { eventId: '2001', customParams: ['gold'] } };
    const sent = payloadsOf(translate({ type: 'event', name: 'milestone', channelData }));
    assertExactly(sent, {
      eventid: '2001',
      conversation_id: CONVERSATION_ID,
      Timestamp: '2026-03-09 14:05:08.031',
      customparam1: 'gold',
    });
  });

  for (const eventid of ['2001', 2001]) {
    it(`goes out under the eventid ${JSON.stringify(eventid)} of its value`, () => {
      const [sent] = payloadsOf(
        translate({ type: 'event', name: 'milestone', value: { eventid, other: 1 } }),
      );
      assert.equal(sent?.eventid, '2001');
    });
  }

  it('goes out under the eventId of channelData when the value names one too', () => {
    const channelData = { webexConnect: { eventId: '2001' } };
    const [sent] = payloadsOf(translate({ type: 'event', value: { eventid: '2002' }, channelData }));
    assert.equal(sent?.eventid, '2001');
  });

  const nameless: [string, unknown][] = [
    ['no value', undefined],
    ['a value that is a text', '2001'],
    ['an empty eventid', { eventid: '' }],
    ['a fraction as eventid', { eventid: 1.5 }],
  ];
  for (const [name, value] of nameless) {
    it(`is a warning, never silence, with ${name}`, () => {
      const reason = reasonOf(translate({ type: 'event', name: 'milestone', value }));
      assert.match(reason, /'milestone' names no eventid; set channelData\.webexConnect\.eventId/);
    });
  }

  it('is a warning also for an event without a name', () => {
    assert.match(reasonOf(translate({ type: 'event' })), /^the event '' names no eventid/);
  });
});

describe('fromActivity, other types', () => {
  for (const type of ['messageReaction', 'conversationUpdate', 'invoke', 'handoff', '']) {
    it(`says that the platform has nothing for '${type}'`, () => {
      const reason = reasonOf(translate({ type }));
      assert.equal(reason, `Webex Connect has nothing for an activity of type '${type}'`);
    });
  }
});
