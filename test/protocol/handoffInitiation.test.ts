import assert from 'node:assert/strict';
import { type Activity, type Attachment, EventFactory, TestAdapter, TurnContext } from 'botbuilder';
import { WebexConnectInvalidActivityError } from '../../src/errors';
import { type HandoffInitiation, readHandoffInitiation } from '../../src/protocol/handoffInitiation';
import { CONVERSATION_ID } from '../support/decoding';

const TIME = Date.UTC(2026, 2, 9, 14, 6, 0, 500);
const TIMESTAMP = '2026-03-09T14:06:00.500Z';

function read(activity: Partial<Activity>): HandoffInitiation {
  return readHandoffInitiation(activity, TIME);
}

function transcript(...activities: readonly unknown[]): Attachment {
  return { contentType: 'application/json', name: 'Transcript', content: { activities } };
}

const help = { type: 'message', text: 'Help', from: { role: 'user' } };
const helpLine = { author: 'customer', text: 'Help', timestamp: TIMESTAMP };

describe('readHandoffInitiation', () => {
  it('reads what botbuilder makes', () => {
    const turn = new TurnContext(new TestAdapter(), {
      type: 'message',
      channelId: 'webexconnect',
      conversation: { id: CONVERSATION_ID, name: '', isGroup: false, conversationType: 'personal' },
      from: { id: 'user', name: '', role: 'user' },
      recipient: { id: 'bot', name: '', role: 'bot' },
    });
    const customer = { ...turn.activity, text: 'A person, please', timestamp: new Date(TIME - 2000) };
    const bot = {
      ...turn.activity,
      text: 'One moment',
      from: turn.activity.recipient,
      timestamp: new Date(TIME - 1000),
    };
    const activity = EventFactory.createHandoffInitiation(
      turn,
      { skill: 'billing' },
      { activities: [customer, bot] },
    );
    assert.deepEqual(read(activity), {
      context: { skill: 'billing' },
      transcript: [
        { author: 'customer', text: 'A person, please', timestamp: '2026-03-09T14:05:58.500Z' },
        { author: 'bot', text: 'One moment', timestamp: '2026-03-09T14:05:59.500Z' },
      ],
      customParams: {},
    });
  });

  it('reads the parameters that the bot has set itself', () => {
    const channelData = { webexConnect: { customParams: { customparam1: 'mine', customparam3: 'more' } } };
    assert.deepEqual(read({ channelData }).customParams, { customparam1: 'mine', customparam3: 'more' });
  });

  it('is refused with a clear error when channelData is wrong', () => {
    const channelData = { webexConnect: { customParams: 7 } };
    assert.throws(() => read({ channelData }), WebexConnectInvalidActivityError);
  });
});

describe('readHandoffInitiation, the context', () => {
  const cases: [string, unknown, unknown][] = [
    ['nothing', undefined, undefined],
    ['nothing for null', null, undefined],
    ['a text', 'billing', 'billing'],
    ['false', false, false],
    ['an object', { skill: 'billing' }, { skill: 'billing' }],
    ['what JSON carries of an object', { a: 1, b: () => 1 }, { a: 1 }],
  ];
  for (const [name, value, expected] of cases) {
    it(`is ${name}`, () => assert.deepEqual(read({ value }).context, expected));
  }

  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const [name, value] of [
    ['a circle', circle],
    ['a big integer', { order: 1n }],
    ['a function', () => 1],
  ]) {
    it(`is refused with a clear error when it is ${name}, never dropped in silence`, () => {
      assert.throws(
        () => read({ value }),
        (error) => {
          assert.ok(error instanceof WebexConnectInvalidActivityError, String(error));
          assert.match(error.message, /handover was not sent: activity\.value/);
          return true;
        },
      );
    });
  }
});

describe('readHandoffInitiation, the transcript', () => {
  const none: [string, Partial<Activity>][] = [
    ['nothing is attached', {}],
    ['an empty list is attached', { attachments: [] }],
    ['only other things are attached', { attachments: [{ contentType: 'image/png' }] }],
  ];
  for (const [name, activity] of none) {
    it(`is undefined when ${name}`, () => assert.equal(read(activity).transcript, undefined));
  }

  it('is undefined for attachments that a bot in JavaScript got wrong', () => {
    const attachments = JSON.parse('[null, 7, {"content": {"activities": "none"}}]');
    assert.equal(read({ attachments }).transcript, undefined);
  });

  it('is empty when an empty one is attached', () => {
    assert.deepEqual(read({ attachments: [transcript()] }).transcript, []);
  });

  it('holds the rest when some of its activities are malformed or say nothing', () => {
    const others = [null, 'x', 7, { type: 'message', text: 7 }, { type: 'event', text: 'no' }, {}];
    assert.deepEqual(read({ attachments: [transcript(...others, help)] }).transcript, [helpLine]);
  });

  it('gives lines without a time that of the handover', () => {
    assert.deepEqual(read({ attachments: [transcript(help)] }).transcript, [helpLine]);
  });
});
