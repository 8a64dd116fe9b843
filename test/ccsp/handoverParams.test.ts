import assert from 'node:assert/strict';
import fc from 'fast-check';
import { defaultHandoverParams } from '../../src/ccsp/handoverParams';
import type { JsonValue } from '../../src/protocol/json';
import { readableLine, type TranscriptAuthor, type TranscriptLine } from '../../src/protocol/transcript';
import { anyText } from '../support/wireArbitraries';

const said =
  (author: TranscriptAuthor) =>
  (text: string): TranscriptLine => ({
    author,
    text,
    timestamp: '2026-03-09T14:05:07.250Z',
  });
const customer = said('customer');
const bot = said('bot');
const agent = said('agent');

function paramsOf(context: JsonValue | undefined, ...transcript: readonly TranscriptLine[]) {
  return defaultHandoverParams({ context, transcript }, 1000);
}

function summaryOf(maxLength: number, ...transcript: readonly TranscriptLine[]): string | undefined {
  const [, summary] = defaultHandoverParams({ context: 'x', transcript }, maxLength);
  return summary === undefined ? undefined : String(summary);
}

describe('defaultHandoverParams', () => {
  const cases: [string, readonly JsonValue[], readonly JsonValue[]][] = [
    ['nothing where there is nothing to say', paramsOf(undefined), []],
    ['nothing for a context of null', paramsOf(null), []],
    ['the context alone', paramsOf({ skill: 'billing' }), [{ skill: 'billing' }]],
    ['a context of false', paramsOf(false), [false]],
    [
      'context and summary, each line with its author',
      paramsOf('billing', customer('Help'), bot('One moment'), agent('Hello')),
      ['billing', 'customer: Help\nbot: One moment\nagent: Hello'],
    ],
    [
      'an empty text where a summary has no context',
      paramsOf(undefined, customer('Help')),
      ['', 'customer: Help'],
    ],
  ];
  for (const [name, params, expected] of cases) {
    it(`gives ${name}`, () => assert.deepEqual(params, expected));
  }
});

describe('the summary of a handover', () => {
  it('keeps the newest lines, in order', () => {
    const lines = Array.from({ length: 300 }, (_, index) => customer(`line ${index}`));
    const summary = summaryOf(1000, ...lines) ?? '';
    const kept = summary.split('\n');
    assert.ok(summary.length <= 1000 && summary.length > 950, `${summary.length} characters`);
    assert.deepEqual(kept, lines.slice(-kept.length).map(readableLine));
    assert.equal(kept.at(-1), 'customer: line 299');
  });

  it('leaves out no newer line for an older one that would still fit', () => {
    const summary = summaryOf(1000, customer('short'), bot('x'.repeat(990)), customer('newest'));
    assert.equal(summary, 'customer: newest');
  });

  it('uses its length to the last character', () => {
    const lines = [customer('a'), bot('b')];
    assert.equal(summaryOf(18, ...lines), 'customer: a\nbot: b');
    assert.equal(summaryOf(17, ...lines), 'bot: b');
  });

  it('cuts the newest line when that alone is too long', () => {
    const summary = summaryOf(1000, customer('short'), customer(`Help ${'x'.repeat(2000)}`)) ?? '';
    assert.equal(summary.length, 1000);
    assert.match(summary, /^customer: Help xxx/);
  });

  it('cuts no surrogate pair in half', () => {
    assert.equal(summaryOf(12, customer('😀😀')), 'customer: 😀');
    assert.equal(summaryOf(13, customer('😀😀')), 'customer: 😀');
    assert.equal(summaryOf(14, customer('😀😀')), 'customer: 😀😀');
  });

  it('is none when it may have no length', () => {
    assert.deepEqual(defaultHandoverParams({ context: 'x', transcript: [customer('Help')] }, 0), ['x']);
  });

  it('is never longer than allowed, nor broken, nor empty, whatever was said', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      anyText.map((units) => units.toWellFormed()),
    );
    const lines = fc.array(fc.oneof(text.map(customer), text.map(agent)), { minLength: 1 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 100 }), (transcript, maxLength) => {
        const summary = summaryOf(maxLength, ...transcript) ?? '';
        assert.ok(summary.length <= maxLength && summary.length > 0, `${summary.length} of ${maxLength}`);
        assert.equal(summary.isWellFormed(), true);
        const whole = transcript.map(readableLine).join('\n');
        assert.ok(whole.includes(summary), 'the summary says what nobody said');
      }),
    );
  });
});
