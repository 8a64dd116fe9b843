import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonValue } from '../../src/protocol/json';
import { formatTimestamp, type HourClock, parseTimestamp } from '../../src/protocol/timestamps';
import { anyJson, anyText, anyTime } from '../support/wireArbitraries';

const RECEIVED_AT = Date.UTC(2026, 2, 9, 14, 5, 8);
const at14 = Date.UTC(2026, 2, 9, 14, 5, 7);

function parse(value: JsonValue | undefined, hourClock: HourClock = 24, receivedAt = RECEIVED_AT) {
  return parseTimestamp(value, { hourClock, receivedAt });
}

/** Runs the tests of `body` on a machine of that time zone. */
function inZone(zone: string, body: () => void): void {
  describe(`on a machine in ${zone}`, () => {
    let zoneBefore: string | undefined;
    before(() => {
      zoneBefore = process.env.TZ;
      process.env.TZ = zone;
    });
    after(() => {
      if (zoneBefore === undefined) delete process.env.TZ;
      else process.env.TZ = zoneBefore;
    });
    body();
  });
}

const readable: [string, JsonValue, number][] = [
  ['the documented format', '2026-03-09 14:05:07.25', at14 + 250],
  ['hundredths that begin with zero', '2026-03-09 14:05:07.05', at14 + 50],
  ['three digits of the second', '2026-03-09 14:05:07.031', at14 + 31],
  ['one digit of the second', '2026-03-09 14:05:07.5', at14 + 500],
  ['nine digits of the second', '2026-03-09 14:05:07.123456789', at14 + 123],
  ['a comma before the fraction', '2026-03-09 14:05:07,25', at14 + 250],
  ['a colon before the fraction', '2026-03-09 14:05:07:25', at14 + 250],
  ['no fraction', '2026-03-09 14:05:07', at14],
  ['no seconds', '2026-03-09 14:05', at14 - 7000],
  ['a date alone', '2026-03-09', Date.UTC(2026, 2, 9)],
  ['one digit where two are usual', '2026-3-9 4:05:07', Date.UTC(2026, 2, 9, 4, 5, 7)],
  ['blanks around it', '  2026-03-09 14:05:07  ', at14],
  ['ISO 8601 with Z', '2026-03-09T14:05:07.250Z', at14 + 250],
  ['ISO 8601 in lower case', '2026-03-09t14:05:07.250z', at14 + 250],
  ['ISO 8601 without a zone', '2026-03-09T14:05:07', at14],
  ['a zone ahead of UTC', '2026-03-09T19:35:07+05:30', at14],
  ['a zone behind UTC', '2026-03-09T09:05:07-0500', at14],
  ['a zone that moves the date', '2026-03-10T00:05:07+10:00', at14],
  ['GMT spelt out', '2026-03-09 14:05:07.25 GMT', at14 + 250],
  ['UTC spelt out', '2026-03-09 14:05:07 utc', at14],
  ['PM', '2026-03-09 02:05:07 PM', at14],
  ['am at midnight', '2026-03-09 12:05:07am', Date.UTC(2026, 2, 9, 0, 5, 7)],
  ['pm at noon', '2026-03-09 12:05:07 pm', Date.UTC(2026, 2, 9, 12, 5, 7)],
  ['PM beside an hour of the 24-hour clock', '2026-03-09 14:05:07 PM', at14],
  ['AM beside an hour of the 24-hour clock', '2026-03-09 14:05:07 AM', at14],
  ['two blanks between day and hour', '2026-03-09  14:05:07', at14],
  ['epoch milliseconds', at14 + 250, at14 + 250],
  ['epoch milliseconds as text', String(at14), at14],
  ['epoch seconds', at14 / 1000, at14],
  ['epoch seconds as text', String(at14 / 1000), at14],
  ['an hour that New York skips', '2026-03-08 02:30:00.00', Date.UTC(2026, 2, 8, 2, 30)],
  ['an hour that New York has twice', '2026-11-01 01:30:00.00', Date.UTC(2026, 10, 1, 1, 30)],
  ['the last of February in a leap year', '2028-02-29 00:00:00.00', Date.UTC(2028, 1, 29)],
  ['the last moment of a year', '2026-12-31 23:59:59.99', Date.UTC(2026, 11, 31, 23, 59, 59, 990)],
];

const unreadable: [string, JsonValue | undefined][] = [
  ['nothing', undefined],
  ['null', null],
  ['an empty text', ''],
  ['the format itself', 'YYYY-MM-DD hh:mm:ss.SS'],
  ['words', 'yesterday'],
  ['an object', { at: '2026-03-09' }],
  ['a list of one', ['2026-03-09 14:05:07']],
  ['a boolean', true],
  ['month 0', '2026-00-09 14:05:07'],
  ['month 13', '2026-13-09 14:05:07'],
  ['day 0', '2026-03-00 14:05:07'],
  ['the 30th of February', '2026-02-30 14:05:07'],
  ['the 29th of February in a common year', '2026-02-29 14:05:07'],
  ['the 31st of April', '2026-04-31'],
  ['hour 24', '2026-03-09 24:00:00'],
  ['hour 99', '2026-03-09 99:00:00'],
  ['minute 60', '2026-03-09 14:60:00'],
  ['second 60', '2026-03-09 14:05:60'],
  ['text after it', '2026-03-09 14:05:07 or so'],
  ['text before it', 'on 2026-03-09 14:05:07'],
  ['the American order', '03/09/2026 14:05:07'],
  ['a number of eight digits', 20260309],
  ['a number of eleven digits', 17730651071],
  ['a number of fourteen digits', 17730651071234],
  ['a fraction of a second since the epoch', 1773065107.25],
];

describe('parseTimestamp', () => {
  for (const zone of ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati']) {
    inZone(zone, () => {
      it('finds that zone set', () => {
        assert.equal(new Date(at14).getTimezoneOffset() === 0, zone === 'UTC');
      });
      for (const [name, value, expected] of readable) {
        it(`reads ${name} as UTC`, () => assert.equal(parse(value), expected));
      }
    });
  }

  for (const [name, value] of unreadable) {
    it(`finds no timestamp in ${name}`, () => assert.equal(parse(value), undefined));
  }

  it('never throws, and answers a valid time or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, anyJson), fc.constantFrom<HourClock>(12, 24), (value, hourClock) => {
        const time = parse(value, hourClock);
        assert.equal(Number.isNaN(new Date(time ?? 0).getTime()), false);
      }),
    );
  });

  it('takes time in proportion to hostile text', () => {
    const started = performance.now();
    for (const unit of ['2026-03-09', ' ', '1', '2026-03-09 ', '+', '14:05']) parse(unit.repeat(100_000));
    parse(`2026-03-09${' '.repeat(100_000)}x`);
    const took = performance.now() - started;
    assert.ok(took < 2000, `${took} ms`);
  });
});

describe('parseTimestamp on a 12-hour clock', () => {
  const cases: [string, string, string, string][] = [
    ['an afternoon', '2026-03-09 02:05:07.25', '2026-03-09T14:05:30Z', '2026-03-09T14:05:07.250Z'],
    ['a morning', '2026-03-09 02:05:07.25', '2026-03-09T02:05:30Z', '2026-03-09T02:05:07.250Z'],
    ['noon', '2026-03-09 12:00:07', '2026-03-09T12:00:30Z', '2026-03-09T12:00:07.000Z'],
    ['midnight', '2026-03-09 12:00:07', '2026-03-09T00:00:30Z', '2026-03-09T00:00:07.000Z'],
    ['late evening, an hour late', '2026-03-09 11:30:00', '2026-03-10T00:30:00Z', '2026-03-09T23:30:00.000Z'],
    [
      'a mark, whatever the arrival',
      '2026-03-09 02:05:07 AM',
      '2026-03-09T14:05:30Z',
      '2026-03-09T02:05:07.000Z',
    ],
    ['an hour above 12', '2026-03-09 14:05:07', '2026-03-09T02:05:30Z', '2026-03-09T14:05:07.000Z'],
    ['a zone ahead', '2026-03-09 12:30:00+05:00', '2026-03-08T19:30:00Z', '2026-03-08T19:30:00.000Z'],
    ['a zone behind', '2026-03-09 09:00:00-05:00', '2026-03-10T02:00:00Z', '2026-03-10T02:00:00.000Z'],
  ];
  for (const [name, text, receivedAt, expected] of cases) {
    it(`reads ${name} as the half of the day nearer to the arrival`, () => {
      const time = parse(text, 12, Date.parse(receivedAt));
      assert.equal(new Date(time ?? Number.NaN).toISOString(), expected);
    });
  }
});

describe('formatTimestamp', () => {
  const cases: [string, string, HourClock, string][] = [
    ['the documented format', '2026-03-09T14:05:08.031Z', 24, '2026-03-09 14:05:08.031'],
    ['three digits always', '2026-03-09T14:05:08Z', 24, '2026-03-09 14:05:08.000'],
    ['midnight', '2026-03-09T00:00:00Z', 24, '2026-03-09 00:00:00.000'],
    ['the afternoon on a 12-hour clock', '2026-03-09T14:05:08.031Z', 12, '2026-03-09 02:05:08.031'],
    ['noon on a 12-hour clock', '2026-03-09T12:05:08Z', 12, '2026-03-09 12:05:08.000'],
    ['midnight on a 12-hour clock', '2026-03-09T00:05:08Z', 12, '2026-03-09 12:05:08.000'],
  ];
  for (const zone of ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati']) {
    inZone(zone, () => {
      for (const [name, iso, hourClock, expected] of cases) {
        it(`writes ${name} in GMT`, () => {
          assert.equal(formatTimestamp(Date.parse(iso), hourClock), expected);
        });
      }
    });
  }

  it('writes what parseTimestamp reads back to the millisecond', () => {
    fc.assert(
      fc.property(anyTime, fc.constantFrom<HourClock>(12, 24), (time, hourClock) => {
        assert.equal(parse(formatTimestamp(time, hourClock), hourClock, time), time);
      }),
    );
  });

  it('is read right on a 12-hour clock when the event comes up to five hours late', () => {
    fc.assert(
      fc.property(anyTime, fc.integer({ min: 0, max: 5 * 60 * 60 * 1000 }), (time, delay) => {
        assert.equal(parse(formatTimestamp(time, 12), 12, time + delay), time);
      }),
    );
  });

  it('always has the documented form', () => {
    fc.assert(
      fc.property(anyTime, fc.constantFrom<HourClock>(12, 24), (time, hourClock) => {
        assert.match(formatTimestamp(time, hourClock), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
      }),
    );
  });
});
