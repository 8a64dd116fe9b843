import assert from 'node:assert/strict';
import fc from 'fast-check';
import { newEventId } from '../../src/adapter/eventId';

/** RFC 9562 has room for 48 bits. */
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('The ID of a new event', () => {
  it('is a UUID of version 7', () => {
    fc.assert(
      fc.property(time, (receivedAt) => {
        assert.match(
          newEventId(receivedAt),
          /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
        );
      }),
    );
    assert.match(newEventId(0x0123_4567_89ab), /^01234567-89ab-7/);
    assert.match(newEventId(1.9), /^00000000-0001-7/);
  });

  it('comes after those of events that were received before', () => {
    fc.assert(
      fc.property(time, time, (one, other) => {
        if (one !== other) assert.equal(newEventId(one) < newEventId(other), one < other);
      }),
    );
  });

  it('is no other event’s', () => {
    assert.equal(new Set(Array.from({ length: 1000 }, () => newEventId(1))).size, 1000);
  });
});
