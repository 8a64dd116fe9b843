import assert from 'node:assert/strict';
import type { Activity, Attachment } from 'botbuilder';
import { WebexConnectInvalidActivityError } from '../../src/errors';
import { defaultHandoverParams } from '../../src/protocol/handoverParams';

interface Line {
  readonly type?: string;
  readonly text?: string | null;
  readonly from?: { readonly role?: string | null } | null;
}

function transcript(...activities: readonly unknown[]): Attachment {
  return { contentType: 'application/json', name: 'Transcript', content: { activities } };
}

const customer = (text: string): Line => ({ type: 'message', text, from: { role: 'user' } });
const bot = (text: string): Line => ({ type: 'message', text, from: { role: 'bot' } });

function summaryOf(...lines: readonly Line[]): unknown {
  const [context, summary, ...rest] = defaultHandoverParams({
    value: 'x',
    attachments: [transcript(...lines)],
  });
  assert.equal(context, 'x');
  assert.deepEqual(rest, []);
  return summary;
}

describe('defaultHandoverParams', () => {
  const cases: [string, Partial<Activity>, unknown[]][] = [
    ['nothing for a hand-off without context', {}, []],
    ['nothing for a context of null', { value: null }, []],
    ['the context alone', { value: { skill: 'billing' } }, [{ skill: 'billing' }]],
    ['a context that is a text', { value: 'billing' }, ['billing']],
    ['a context of false', { value: false }, [false]],
    ['a context without what JSON cannot carry', { value: { a: 1, b: () => 1 } }, [{ a: 1 }]],
    [
      'context and summary',
      { value: { skill: 'billing' }, attachments: [transcript(customer('Help'), bot('One moment'))] },
      [{ skill: 'billing' }, 'customer: Help\nbot: One moment'],
    ],
    [
      'an empty text where a summary has no context',
      { attachments: [transcript(customer('Help'))] },
      ['', 'customer: Help'],
    ],
    ['the context alone for an empty transcript', { value: 1, attachments: [transcript()] }, [1]],
    ['nothing of other attachments', { value: 1, attachments: [{ contentType: 'image/png' }] }, [1]],
    ['nothing for an empty list of attachments', { attachments: [] }, []],
  ];
  for (const [name, activity, expected] of cases) {
    it(`gives ${name}`, () => assert.deepEqual(defaultHandoverParams(activity), expected));
  }
});

describe('the context of a handover', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const [name, value] of [
    ['a circle', circle],
    ['a big integer', { order: 1n }],
    ['a function', () => 1],
  ]) {
    it(`is refused with a clear error when it is ${name}, never dropped in silence`, () => {
      assert.throws(
        () => defaultHandoverParams({ value }),
        (error) => {
          assert.ok(error instanceof WebexConnectInvalidActivityError, String(error));
          assert.match(error.message, /handover was not sent: activity\.value/);
          return true;
        },
      );
    });
  }
});

describe('the summary of a transcript', () => {
  it('holds messages with a text, nothing else', () => {
    const others: Line[] = [
      { type: 'typing' },
      { type: 'event', text: 'no' },
      { type: 'message', text: '' },
      { type: 'message' },
      {},
    ];
    assert.equal(summaryOf(...others, customer('Help')), 'customer: Help');
  });

  it('holds the rest when one activity is malformed', () => {
    const malformed = [null, 'x', 7, { type: 'message', text: 7 }, { type: 'message', text: null }];
    const [, summary] = defaultHandoverParams({
      value: 'x',
      attachments: [transcript(...malformed, customer('Help'))],
    });
    assert.equal(summary, 'customer: Help');
  });

  it("takes what has no role for the customer's", () => {
    const lines: Line[] = [undefined, null, {}, { role: null }].map((from) => ({
      type: 'message',
      text: 'hi',
      ...(from !== undefined && { from }),
    }));
    assert.equal(summaryOf(...lines), Array(4).fill('customer: hi').join('\n'));
  });

  it('keeps the newest lines, in order, when it would be longer than 1,000 characters', () => {
    const lines = Array.from({ length: 300 }, (_, index) => customer(`line ${index}`));
    const summary = String(summaryOf(...lines));
    const kept = summary.split('\n');
    assert.ok(summary.length <= 1000 && summary.length > 950, `${summary.length} characters`);
    assert.equal(kept.at(-1), 'customer: line 299');
    assert.deepEqual(
      kept,
      lines.slice(-kept.length).map(({ text }) => `customer: ${text}`),
    );
  });

  it('leaves out no newer line for an older one that would still fit', () => {
    const summary = summaryOf(customer('short'), bot('x'.repeat(990)), customer('newest'));
    assert.equal(summary, 'customer: newest');
  });

  it('cuts the newest line when that alone is too long', () => {
    const summary = String(summaryOf(customer('short'), customer(`Help ${'x'.repeat(2000)}`)));
    assert.equal(summary.length, 1000);
    assert.match(summary, /^customer: Help xxx/);
  });

  it('cuts no surrogate pair in half', () => {
    for (const start of ['', 'x']) {
      const summary = String(summaryOf(customer(start + '😀'.repeat(1000))));
      assert.equal(summary.isWellFormed(), true);
      assert.ok(summary.length >= 999 && summary.length <= 1000, `${summary.length} characters`);
    }
  });
});
