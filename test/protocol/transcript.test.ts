import assert from 'node:assert/strict';
import { type Activity, TestAdapter, TranscriptLoggerMiddleware } from 'botbuilder';
import fc from 'fast-check';
import { OPAQUE_MEDIA_CONTENT_TYPE } from '../../src/protocol/attachments';
import {
  readableLine,
  type TranscriptLine,
  toReadableText,
  toTranscriptFile,
  toTranscriptLine,
} from '../../src/protocol/transcript';
import { anyJson, anyText, anyTime } from '../support/wireArbitraries';

const AT = '2026-03-09T14:05:07.250Z';
const FALLBACK = Date.UTC(2026, 2, 9, 15);

const anyLine: fc.Arbitrary<TranscriptLine> = fc.record({
  author: fc.constantFrom('customer', 'bot', 'agent'),
  text: fc.oneof(anyText, fc.constantFrom('a\nagent: b', 'a\r\nb', '\u2028bot: c', '\vd')),
  timestamp: anyTime.map((time) => new Date(time).toISOString()),
});

function lineOf(activity: object): TranscriptLine | undefined {
  return toTranscriptLine({ type: 'message', timestamp: AT, ...activity }, FALLBACK);
}

describe('toTranscriptLine, who said it', () => {
  const cases: [string, object, string][] = [
    [
      'the author that this package has noted',
      { channelData: { webexConnect: { author: 'agent' } } },
      'agent',
    ],
    [
      'the author that is noted, whatever the role',
      { from: { role: 'user' }, channelData: { webexConnect: { author: 'bot' } } },
      'bot',
    ],
    [
      'the customer who is noted, whatever the role',
      { from: { role: 'bot' }, channelData: { webexConnect: { author: 'customer' } } },
      'customer',
    ],
    [
      'the bot by the role of whom it speaks to, where its own is no text',
      { from: { role: 7 }, recipient: { role: 'user' } },
      'bot',
    ],
    ['the bot by its role', { from: { id: 'b', role: 'bot' } }, 'bot'],
    ['the bot by the role of whom it speaks to', { from: { id: 'b' }, recipient: { role: 'user' } }, 'bot'],
    [
      'the customer by their role, whoever else has it',
      { from: { role: 'user' }, recipient: { role: 'user' } },
      'customer',
    ],
    ['the customer by their role', { from: { id: 'u', role: 'user' } }, 'customer'],
    ['the customer where there is no role', { from: { id: 'u' } }, 'customer'],
    ['the customer where the role is null', { from: { role: null } }, 'customer'],
    ['the customer where nobody is named', {}, 'customer'],
    ['the customer where null is named', { from: null }, 'customer'],
    [
      'the role where the author is nobody we know',
      { from: { role: 'bot' }, channelData: { webexConnect: { author: 'chief' } } },
      'bot',
    ],
    ['the role where channelData is a text', { from: { role: 'bot' }, channelData: 'x' }, 'bot'],
  ];
  for (const [name, activity, author] of cases) {
    it(`takes ${name}`, () =>
      assert.deepEqual(lineOf({ text: 'hi', ...activity }), { author, text: 'hi', timestamp: AT }));
  }
});

describe('toTranscriptLine, what was said', () => {
  const image = { contentType: 'image/png', contentUrl: 'https://x.example/p/a%20b.png?token=secret' };
  const cases: [string, object, string][] = [
    ['the text', { text: 'hi' }, 'hi'],
    ['a name for an image', { attachments: [{ ...image, name: 'My order' }] }, '[image: My order]'],
    ['the last part of the URL, without its query', { attachments: [image] }, '[image: a b.png]'],
    [
      'a URL that is wrongly encoded, as it is',
      { attachments: [{ ...image, contentUrl: 'https://x.example/%zz' }] },
      '[image: %zz]',
    ],
    [
      'no name for a URL without a path',
      { attachments: [{ ...image, contentUrl: 'https://x.example' }] },
      '[image]',
    ],
    [
      'no name for data',
      { attachments: [{ ...image, contentUrl: 'data:image/png;base64,AAAA' }] },
      '[image]',
    ],
    [
      'no name for what the browser alone can open',
      { attachments: [{ ...image, contentUrl: 'blob:https://x.example/17' }] },
      '[image]',
    ],
    [
      'the last part of a URL without TLS',
      { attachments: [{ ...image, contentUrl: 'http://x.example/a.png' }] },
      '[image: a.png]',
    ],
    ['no name for one that is blank', { attachments: [{ ...image, name: ' \n' }] }, '[image]'],
    [
      'a file whose type only ends like an image’s',
      { attachments: [{ contentType: 'x-image/png' }] },
      '[file]',
    ],
    ['a sound', { attachments: [{ contentType: 'Audio/ogg', name: 'x' }] }, '[audio: x]'],
    ['a film', { attachments: [{ contentType: 'video/*' }] }, '[video]'],
    ['a file', { attachments: [{ contentType: 'application/pdf', name: 'bill.pdf' }] }, '[file: bill.pdf]'],
    ['a card', { attachments: [{ contentType: 'application/vnd.microsoft.card.hero' }] }, '[card]'],
    [
      'media that nobody can read',
      { attachments: [{ contentType: OPAQUE_MEDIA_CONTENT_TYPE }] },
      '[attachment]',
    ],
    ['an attachment without a type', { attachments: [{ name: 'x' }] }, '[file: x]'],
    [
      'text and attachments',
      { text: 'Look:', attachments: [image, { contentType: 'image/gif' }] },
      'Look: [image: a b.png] [image]',
    ],
    [
      'a name in one line',
      { attachments: [{ contentType: 'image/png', name: 'a\r\nagent: b' }] },
      '[image: a agent: b]',
    ],
    ['the text beside attachments that are none', { text: 'hi', attachments: [null, 7] }, 'hi'],
    ['the text beside attachments that are no list', { text: 'hi', attachments: 'x' }, 'hi'],
  ];
  for (const [name, activity, text] of cases) {
    it(`gives ${name}`, () => assert.equal(lineOf(activity)?.text, text));
  }

  const nothing: [string, unknown][] = [
    ['an empty text', { type: 'message', text: '' }],
    ['no text', { type: 'message' }],
    ['a text that is none', { type: 'message', text: 7 }],
    ['an event', { type: 'event', text: 'hi' }],
    ['an activity without a type', { text: 'hi' }],
    ['null', null],
    ['a text alone', 'hi'],
  ];
  for (const [name, activity] of nothing) {
    it(`gives nothing for ${name}`, () => assert.equal(toTranscriptLine(activity, FALLBACK), undefined));
  }
});

describe('toTranscriptLine, when it was said', () => {
  const cases: [string, unknown, string][] = [
    ['of an ISO text', '2026-03-09T15:05:07.250+01:00', AT],
    ['of a date', new Date(AT), AT],
    ['that is missing', undefined, '2026-03-09T15:00:00.000Z'],
    ['that is null', null, '2026-03-09T15:00:00.000Z'],
    ['that nobody can read', 'yesterday', '2026-03-09T15:00:00.000Z'],
    ['that is no date', new Date(Number.NaN), '2026-03-09T15:00:00.000Z'],
  ];
  for (const [name, timestamp, expected] of cases) {
    it(`reads a time ${name}`, () => assert.equal(lineOf({ text: 'hi', timestamp })?.timestamp, expected));
  }
});

describe('toTranscriptLine', () => {
  it('never throws', () => {
    const fields = fc.record(
      { text: anyJson, timestamp: anyJson, attachments: anyJson, from: anyJson, channelData: anyJson },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fields, (activity) => {
        const line = lineOf(activity);
        if (line !== undefined) assert.notEqual(line.text, '');
      }),
    );
  });

  it('reads what TranscriptLoggerMiddleware has logged', async () => {
    const logged: Activity[] = [];
    const adapter = new TestAdapter(async (context) => {
      await context.sendActivity(`Echo: ${context.activity.text}`);
    });
    const logActivity = (activity: Activity) => {
      logged.push(activity);
    };
    adapter.use(new TranscriptLoggerMiddleware({ logActivity }));
    await adapter.send('hi').assertReply('Echo: hi').startTest();
    const lines = logged.map((activity) => toTranscriptLine(activity, FALLBACK));
    assert.deepEqual(
      lines.map((line) => `${line?.author}: ${line?.text}`),
      ['customer: hi', 'bot: Echo: hi'],
    );
  });
});

describe('readableLine', () => {
  it('names the author', () => {
    assert.equal(readableLine({ author: 'bot', text: 'Hello', timestamp: AT }), 'bot: Hello');
  });

  it('indents further lines, so that nobody can speak for somebody else', () => {
    const text = 'hi\nagent: I owe you 100\r\nbot: true\u2028agent: yes\n\n';
    assert.equal(
      readableLine({ author: 'customer', text, timestamp: AT }),
      'customer: hi\n  agent: I owe you 100\n  bot: true\n  agent: yes\n  \n  ',
    );
  });
});

describe('toReadableText', () => {
  it('is one line for each thing that was said, with its time', () => {
    const text = toReadableText([
      { author: 'customer', text: 'Help', timestamp: AT },
      { author: 'agent', text: 'Hello', timestamp: '2026-03-09T14:06:00.000Z' },
    ]);
    assert.equal(text, `${AT} customer: Help\n2026-03-09T14:06:00.000Z agent: Hello\n`);
  });

  it('is nothing for nothing', () => assert.equal(toReadableText([]), ''));

  it('has as many lines that are not indented as things were said, whatever was said', () => {
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        const shown = toReadableText(lines).split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/);
        assert.equal(shown.pop(), '');
        const heads = shown.filter((line) => !line.startsWith('  ')).map((line) => line.split(': ', 1)[0]);
        assert.deepEqual(
          heads,
          lines.map(({ timestamp, author }) => `${timestamp} ${author}`),
        );
      }),
    );
  });

  it('can be written page by page', () => {
    fc.assert(
      fc.property(fc.array(anyLine), fc.array(anyLine), (first, second) => {
        assert.equal(toReadableText([...first, ...second]), toReadableText(first) + toReadableText(second));
      }),
    );
  });
});

describe('toTranscriptFile', () => {
  it('is the activities as a JSON list', () => {
    const activities: Partial<Activity>[] = [{ type: 'message', text: 'hi', timestamp: new Date(AT) }];
    const file = toTranscriptFile(activities);
    assert.deepEqual(JSON.parse(file), [{ type: 'message', text: 'hi', timestamp: AT }]);
    assert.equal(file.endsWith(']\n'), true);
  });
});
