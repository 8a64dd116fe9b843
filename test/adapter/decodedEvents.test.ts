import assert from 'node:assert/strict';
import { DecodedEvents } from '../../src/adapter/decodedEvents';
import type { InboundEvent } from '../../src/protocol/inboundEvent';

describe('DecodedEvents', () => {
  const event = (text: string): InboundEvent => ({
    kind: 'message',
    conversationId: 'c',
    conversationType: 'BOT',
    eventName: 'Incoming message',
    channel: undefined,
    messageId: text,
    timestamp: undefined,
    payload: {},
    text,
    messageType: undefined,
    media: [],
  });

  it('gives each event out once: what a turn has seen, a bot may have changed', () => {
    const events = new DecodedEvents();
    const hello = event('hello');
    events.keep('1', hello);
    assert.equal(events.take('1'), hello);
    assert.equal(events.take('1'), undefined);
    assert.equal(events.take('2'), undefined);
  });

  it('keeps the latest thousand, for another replica may run the rest', () => {
    const events = new DecodedEvents();
    for (let n = 0; n < 1500; n++) events.keep(String(n), event(String(n)));
    assert.equal(events.take('499'), undefined);
    assert.notEqual(events.take('500'), undefined);
    assert.notEqual(events.take('1499'), undefined);
  });
});
