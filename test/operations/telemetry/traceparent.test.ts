import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readTraceparent, writeTraceparent } from '../../../src/operations/telemetry/traceparent';
import { TRACE } from '../../support/storeSamples';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''));

describe('A traceparent', () => {
  it('is read', () => {
    assert.deepEqual(readTraceparent(TRACE), {
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      traceFlags: 1,
      isRemote: true,
    });
  });

  const taken: [title: string, header: string, flags: number][] = [
    ['that is not sampled', `00-${TRACE_ID}-${SPAN_ID}-00`, 0],
    ['with flags that are not ours', `00-${TRACE_ID}-${SPAN_ID}-ff`, 1],
    ['of a later version', `01-${TRACE_ID}-${SPAN_ID}-01`, 1],
    ['of a later version with more fields', `fe-${TRACE_ID}-${SPAN_ID}-01-what-ever`, 1],
  ];
  for (const [title, header, flags] of taken) {
    it(`${title} is read`, () => {
      const spanContext = readTraceparent(header);
      assert.deepEqual([spanContext?.traceId, spanContext?.traceFlags], [TRACE_ID, flags]);
    });
  }

  const ignored: [title: string, header: string | undefined][] = [
    ['that is missing', undefined],
    ['that is empty', ''],
    ['that is garbage', 'garbage'],
    ['of the forbidden version', `ff-${TRACE_ID}-${SPAN_ID}-01`],
    ['without a trace', `00-${'0'.repeat(32)}-${SPAN_ID}-01`],
    ['without a parent', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
    ['in capitals', TRACE.toUpperCase()],
    ['of this version with more fields', `${TRACE}-more`],
    ['with a line end', `${TRACE}\n`],
    ['with blanks', ` ${TRACE}`],
    ['that is cut off', TRACE.slice(0, -1)],
    ['that is two', `${TRACE}, ${TRACE}`],
    ['that goes on where it should end', `01${TRACE.slice(2)}x`],
    ['of a later version that is longer than any will be', `01${TRACE.slice(2)}-${'x'.repeat(16_000)}`],
    ['with a script', `00-<script>-${SPAN_ID}-01`],
    ['with digits of another alphabet', TRACE.replace('0af', '٠af')],
  ];
  for (const [title, header] of ignored) {
    it(`${title} is ignored`, () => assert.equal(readTraceparent(header), undefined));
  }

  it('is written as it is read, whatever it holds', () => {
    const sound = fc.tuple(hex(32), hex(16), fc.boolean());
    fc.assert(
      fc.property(sound, ([traceId, spanId, isSampled]) => {
        const header = `00-${traceId}-${spanId}-0${isSampled ? 1 : 0}`;
        const isNone = /^0+$/.test(traceId) || /^0+$/.test(spanId);
        assert.equal(writeTraceparent(readTraceparent(header)), isNone ? undefined : header);
      }),
    );
  });

  it('that is no such thing never becomes one', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 400 })), (header) => {
        const written = writeTraceparent(readTraceparent(header));
        assert.ok(written === undefined || /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/.test(written));
      }),
    );
  });

  it('is not written where nothing is traced', () => {
    assert.equal(writeTraceparent(undefined), undefined);
    const nothing = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 };
    assert.equal(writeTraceparent(nothing), undefined);
  });
});
