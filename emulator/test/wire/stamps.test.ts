import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readBotStamp, writeBotStamp, writePlatformStamp } from '../../src/wire/stamps';

describe('The stamps of the wire', () => {
  it('are in GMT, in hundredths from the platform and thousandths from the bot', () => {
    const time = Date.UTC(2026, 2, 9, 14, 5, 7, 256);
    assert.equal(writePlatformStamp(time), '2026-03-09 14:05:07.25');
    assert.equal(writeBotStamp(time), '2026-03-09 14:05:07.256');
  });

  it('of a bot are read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2100, 0) }), (time) => {
        assert.equal(readBotStamp(writeBotStamp(time)), time);
      }),
    );
  });

  const wrong = [
    '',
    '2026-03-09 14:05:07.25',
    '2026-03-09T14:05:07.256Z',
    '2026-02-30 14:05:07.256',
    '2026-03-09 25:05:07.256',
    ' 2026-03-09 14:05:07.256',
    '09-03-2026 14:05:07.256',
  ];
  for (const text of wrong) {
    it(`of a bot are not '${text}'`, () => assert.equal(readBotStamp(text), undefined));
  }
});
