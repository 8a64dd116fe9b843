import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeEvent } from '../../src/protocol/encodeEvent';
import type { InboundEvent } from '../../src/protocol/inboundEvent';
import type { JsonObject } from '../../src/protocol/json';
import { decode, meaningOf } from '../support/decoding';
import { payload } from '../support/fixtures';
import { anyEventPayload } from '../support/wireArbitraries';

const TIED_BY = 'BotConversationid';
/** The platform writes two digits of the second's fraction inbound. */
const HUNDREDTH_MS = 10;

function inHundredths(event: InboundEvent) {
  const { timestamp, ...rest } = meaningOf(event);
  return {
    ...rest,
    timestamp: timestamp === undefined ? undefined : Math.floor(timestamp / HUNDREDTH_MS) * HUNDREDTH_MS,
  };
}

describe('encodeEvent', () => {
  for (const name of ['incoming-message', 'postback', 'message-delivery'] as const) {
    it(`writes ${name} as documented`, () => {
      assert.deepEqual(encodeEvent(decode(payload(name)), TIED_BY), payload(name));
    });
  }

  const mirrored: JsonObject = {
    Conversationid: 'AGENT-1',
    ConversationType: 'AGENT',
    Message: 'hi',
    Media: '',
    Event: 'Agent message',
  };

  it('names the BOT conversation of a mirrored message that is tied to one', () => {
    const tied = { ...mirrored, [TIED_BY]: 'CONV-1' };
    assert.deepEqual(encodeEvent(decode(tied), TIED_BY), tied);
  });

  it('names no BOT conversation for a mirrored message that is kept apart', () => {
    assert.deepEqual(encodeEvent(decode(mirrored), TIED_BY), mirrored);
  });

  it('names no BOT conversation that only the option’s function knows', () => {
    const event = decode(mirrored, { botConversationOf: () => 'CONV-1' });
    assert.deepEqual(encodeEvent(event, TIED_BY), mirrored);
  });

  it("names the BOT conversation of an agent's event without a message", () => {
    const closed = { Conversationid: 'A', ConversationType: 'AGENT', Event: 'Closed', [TIED_BY]: 'CONV-1' };
    assert.deepEqual(encodeEvent(decode(closed), TIED_BY), closed);
  });

  it('writes the tie into the field it is told', () => {
    const encoded = encodeEvent(decode({ ...mirrored, [TIED_BY]: 'CONV-1' }), 'parent');
    assert.equal(encoded.parent, 'CONV-1');
    assert.equal(encoded[TIED_BY], undefined);
  });

  it('leaves out what the event has not', () => {
    assert.deepEqual(encodeEvent(decode({ Conversationid: 'C', Message: 'hi' }), TIED_BY), {
      Conversationid: 'C',
      ConversationType: 'BOT',
      Message: 'hi',
      Media: '',
      Event: '',
    });
  });

  it('writes links and opaque media as a list', () => {
    const media = [{ url: 'https://x.example/a', type: 'video', name: 'Tour' }, { id: 7 }, 'M-1'];
    const encoded = encodeEvent(decode({ Conversationid: 'C', Media: media }), TIED_BY);
    assert.deepEqual(encoded.Media, [
      { url: 'https://x.example/a', contentType: 'video/*', name: 'Tour' },
      { id: 7 },
      'M-1',
    ]);
  });

  it('writes two digits of the second, in GMT', () => {
    const fields = { ...payload('postback'), Timestamp: '2026-03-09T09:05:09.109-05:00' };
    assert.equal(encodeEvent(decode(fields), TIED_BY).Timestamp, '2026-03-09 14:05:09.10');
  });

  it('writes what decodes to the same meaning, whatever the event', () => {
    fc.assert(
      fc.property(anyEventPayload, (fields) => {
        const event = decode(fields);
        const again = decode(encodeEvent(event, TIED_BY));
        assert.deepEqual(inHundredths(again), inHundredths(event));
      }),
      { numRuns: 2000 },
    );
  });

  it('writes a decoded event the same way again', () => {
    fc.assert(
      fc.property(anyEventPayload, (fields) => {
        const encoded = encodeEvent(decode(fields), TIED_BY);
        assert.deepEqual(encodeEvent(decode(encoded), TIED_BY), encoded);
      }),
    );
  });
});
