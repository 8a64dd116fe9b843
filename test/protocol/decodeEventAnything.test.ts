import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeEvent } from '../../src/protocol/decodeEvent';
import { parseBody } from '../../src/protocol/json';
import { decode, decodeAs, meaningOf, objectIn, RECEIVED_AT, respell, SETTINGS } from '../support/decoding';
import { anyEventPayload, anyJson, anySpelling } from '../support/wireArbitraries';

describe('decodeEvent on anything', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, fc.array(anyEventPayload)), (value) => {
        assert.match(decodeEvent(value, SETTINGS, RECEIVED_AT).kind, /^(event|notEvent|undecodable)$/);
      }),
    );
  });

  it('never throws on an event with anything in its fields, and keeps the payload', () => {
    fc.assert(
      fc.property(anyEventPayload, anySpelling, (fields, spell) => {
        const respelt = respell(fields, spell);
        const event = decode(respelt);
        assert.equal(event.payload, respelt);
        assert.deepEqual(meaningOf(event), meaningOf(decode(fields)));
      }),
      { numRuns: 300 },
    );
  });

  it('never throws on any body', () => {
    const json = fc.oneof(
      fc.json(),
      anyEventPayload.map((fields) => JSON.stringify(fields)),
    );
    fc.assert(
      fc.property(json, (text) => {
        const body = parseBody(text);
        if (body.kind === 'json') decodeEvent(body.value, SETTINGS, RECEIVED_AT);
      }),
    );
  });

  it('is not deceived by __proto__ and constructor keys', () => {
    const fields = objectIn(
      '{"__proto__":{"ConversationType":"AGENT","Message":"no"},"constructor":{"prototype":{"Event":"x"}},' +
        '"Conversationid":"C","Message":"hi"}',
    );
    const event = decodeAs('message', fields);
    assert.equal(event.text, 'hi');
    assert.equal(event.conversationType, 'BOT');
    assert.equal(Reflect.get({}, 'ConversationType'), undefined);
  });
});
