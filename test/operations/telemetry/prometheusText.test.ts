import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Histogram } from '../../../src/operations/telemetry/histogram';
import { type MetricFamily, toPrometheusText } from '../../../src/operations/telemetry/prometheusText';
import { parsePrometheus } from '../../support/prometheusParser';

const gauge = (value: number, labels = {}): MetricFamily => ({
  name: 'height',
  type: 'gauge',
  description: 'How high it is.',
  samples: [{ suffix: '', labels, value }],
});

describe('The text for Prometheus', () => {
  it('has help, type and samples', () => {
    const family: MetricFamily = {
      name: 'wait_seconds',
      type: 'histogram',
      description: 'How long.',
      samples: [
        { suffix: '_bucket', labels: { a: 'b', le: '+Inf' }, value: 1 },
        { suffix: '_sum', labels: { a: 'b' }, value: 0.25 },
        { suffix: '_count', labels: { a: 'b' }, value: 1 },
      ],
    };
    assert.equal(
      toPrometheusText([family, gauge(3)]),
      '# HELP wait_seconds How long.\n' +
        '# TYPE wait_seconds histogram\n' +
        'wait_seconds_bucket{a="b",le="+Inf"} 1\n' +
        'wait_seconds_sum{a="b"} 0.25\n' +
        'wait_seconds_count{a="b"} 1\n' +
        '# HELP height How high it is.\n' +
        '# TYPE height gauge\n' +
        'height 3\n',
    );
  });

  it('escapes what would end a help text', () => {
    const text = toPrometheusText([{ ...gauge(1), description: 'one\ntwo \\ "three"' }]);
    assert.ok(text.startsWith('# HELP height one\\ntwo \\\\ "three"\n'));
  });

  it('holds any label value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const [family] = parsePrometheus(toPrometheusText([gauge(1, { label: value })])).values();
        assert.equal(family?.samples[0]?.labels.label, value);
      }),
      { examples: [['a "quoted" \\ thing\nand another'], ['} 7\nheight 8'], ['\r\u2028']] },
    );
  });

  it('holds any number', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const [family] = parsePrometheus(toPrometheusText([gauge(value)])).values();
        assert.equal(family?.samples[0]?.value, Object.is(value, -0) ? 0 : value);
      }),
      { examples: [[Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY], [Number.NaN], [1e21], [1e-7]] },
    );
  });
});

describe('A histogram', () => {
  const definition = { description: 'How long.', labels: ['kind', 'end'], bounds: [0.1, 1] };

  it('counts what is as long as a bound in its bucket, and what is longer than all beyond', () => {
    const histogram = new Histogram(definition);
    for (const seconds of [0, 0.1, 0.11, 1, 1.01, 60]) histogram.observe(seconds, { kind: 'a', end: 'b' });
    assert.deepEqual(histogram.series, [{ labels: { kind: 'a', end: 'b' }, counts: [2, 2, 2], sum: 62.22 }]);
  });

  it('keeps what has other labels apart', () => {
    const histogram = new Histogram(definition);
    histogram.observe(1, { kind: 'a', end: 'b' });
    histogram.observe(2, { kind: 'a', end: 'c' });
    histogram.observe(3, { end: 'b', kind: 'a' });
    assert.deepEqual(
      histogram.series.map(({ labels, counts }) => [labels.end, ...counts]),
      [
        ['b', 0, 1, 1],
        ['c', 0, 0, 1],
      ],
    );
  });
});
