import assert from 'node:assert/strict';
import {
  encodeBotEvent,
  encodeHandover,
  encodeReply,
  HANDOVER_EVENT_ID,
  isCustomParamName,
  numberCustomParams,
  REPLY_EVENT_ID,
} from '../../src/protocol/outboundPayload';
import { CONVERSATION_ID } from '../support/decoding';
import { payload } from '../support/fixtures';

const reply = {
  conversationId: CONVERSATION_ID,
  message: 'Your order is on its way.',
  messageType: 'TEXT',
  time: Date.UTC(2026, 2, 9, 14, 5, 8, 31),
  hourClock: 24,
  customParams: {},
} as const;
const handover = {
  conversationId: CONVERSATION_ID,
  time: Date.UTC(2026, 2, 9, 14, 6, 0, 500),
  hourClock: 24,
  customParams: { customparam1: '{"skill":"billing"}' },
} as const;

describe('encodeReply', () => {
  it('writes the documented 1001, field by field and in its order', () => {
    const encoded = encodeReply(reply);
    assert.deepEqual(encoded, payload('reply-1001'));
    assert.deepEqual(Object.keys(encoded), Object.keys(payload('reply-1001')));
  });

  it('writes custom parameters last', () => {
    const encoded = encodeReply({ ...reply, customParams: { customparam1: 'a', customparam2: 'b' } });
    assert.deepEqual(Object.entries(encoded).slice(-2), [
      ['customparam1', 'a'],
      ['customparam2', 'b'],
    ]);
  });

  it('writes the timestamp on the 12-hour clock when told so', () => {
    assert.equal(encodeReply({ ...reply, hourClock: 12 }).Timestamp, '2026-03-09 02:05:08.031');
  });
});

describe('encodeHandover', () => {
  it('writes the documented 1002, field by field and in its order', () => {
    const encoded = encodeHandover(handover);
    assert.deepEqual(encoded, payload('handover-1002'));
    assert.deepEqual(Object.keys(encoded), Object.keys(payload('handover-1002')));
  });
});

describe('encodeBotEvent', () => {
  it('writes an event of the tenant in the form of the documented ones', () => {
    const encoded = encodeBotEvent({ ...handover, eventId: '2001', hourClock: 12 });
    assert.deepEqual(Object.entries(encoded), [
      ['eventid', '2001'],
      ['conversation_id', CONVERSATION_ID],
      ['Timestamp', '2026-03-09 02:06:00.500'],
      ['customparam1', '{"skill":"billing"}'],
    ]);
  });
});

describe('the documented event ids', () => {
  it('are 1001 and 1002', () => assert.deepEqual([REPLY_EVENT_ID, HANDOVER_EVENT_ID], ['1001', '1002']));
});

describe('isCustomParamName', () => {
  for (const name of ['customparam1', 'customparam10', 'customparam999']) {
    it(`knows ${name}`, () => assert.equal(isCustomParamName(name), true));
  }
  for (const name of [
    'customparam',
    'customparam0',
    'customparam01',
    'customparam1x',
    'a customparam1',
    'eventid',
  ]) {
    it(`does not know '${name}'`, () => assert.equal(isCustomParamName(name), false));
  }
});

describe('numberCustomParams', () => {
  it('numbers from 1, in order', () => {
    assert.deepEqual(Object.entries(numberCustomParams(['a', 'b'])), [
      ['customparam1', 'a'],
      ['customparam2', 'b'],
    ]);
  });

  it('writes anything but text as JSON', () => {
    assert.deepEqual(numberCustomParams([{ a: [1] }, 2, true, null, '']), {
      customparam1: '{"a":[1]}',
      customparam2: '2',
      customparam3: 'true',
      customparam4: 'null',
      customparam5: '',
    });
  });

  it('has nothing for nothing', () => assert.deepEqual(numberCustomParams([]), {}));
});
