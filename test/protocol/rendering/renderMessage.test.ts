import assert from 'node:assert/strict';
import { ActionTypes, type Activity, CardFactory, MessageFactory } from 'botbuilder';
import fc from 'fast-check';
import { renderMessage } from '../../../src/protocol/rendering';

describe('renderMessage', () => {
  describe('text', () => {
    const cases: [string, Partial<Activity>, string][] = [
      ['plain text', { text: 'Hello' }, 'Hello'],
      ['text with its own whitespace', { text: '  one\n\n  two ' }, '  one\n\n  two '],
      [
        'Markdown, left as it is',
        { text: '**bold** [a](https://a.example)' },
        '**bold** [a](https://a.example)',
      ],
      ['HTML, left as it is', { text: '<b>bold</b> &amp;' }, '<b>bold</b> &amp;'],
      [
        'XML, stripped and decoded',
        { text: '<p>Tom &amp; <b>Jerry</b></p><p>2 &lt; 3<br/>end</p>', textFormat: 'xml' },
        'Tom & Jerry\n2 < 3\nend',
      ],
      [
        'markup, left as it is beside an attachment',
        { text: 'a <b>', attachments: [{ contentType: 'image/png', name: 'Map' }] },
        'a <b>\n\n[Map]',
      ],
      ['speak where the text is blank', { text: ' \n', speak: 'Hello' }, 'Hello'],
      ['text rather than speak', { text: 'Hi', speak: 'Hello there' }, 'Hi'],
      ['speak without text', MessageFactory.text('', '<speak>Hello <break/>there</speak>'), 'Hello there'],
      ['speak when XML text holds tags alone', { text: '<br/>', textFormat: 'xml', speak: 'Hi' }, 'Hi'],
      ['the summary when there is nothing else', { summary: 'Three offers' }, 'Three offers'],
      ['no summary beside text', { text: 'Hi', summary: 'A greeting' }, 'Hi'],
      ['nothing', {}, ''],
      ['blank text and summary', { text: ' \n', summary: ' ', speak: '<speak> </speak>' }, ''],
    ];
    for (const [name, activity, expected] of cases) {
      it(name, () => assert.equal(renderMessage(activity), expected));
    }
  });

  it('puts text, attachments and suggested actions in blocks of their own', () => {
    const activity = MessageFactory.suggestedActions(['Yes', 'No'], 'Shall I?');
    activity.attachments = [
      { contentType: 'image/png', contentUrl: 'https://x.example/a.png', name: 'a.png' },
    ];

    assert.equal(renderMessage(activity), 'Shall I?\n\na.png: https://x.example/a.png\n\n1. Yes\n2. No');
  });

  it('runs the numbers on through a carousel and the suggested actions', () => {
    const activity = MessageFactory.carousel([
      CardFactory.heroCard('Red', [], ['Buy red']),
      CardFactory.thumbnailCard('Blue', [], ['Buy blue', 'More']),
      CardFactory.adaptiveCard({ body: [], actions: [{ type: 'Action.Submit', title: 'Buy green' }] }),
    ]);
    activity.suggestedActions = { to: [], actions: CardFactory.actions(['Stop']) };

    assert.equal(
      renderMessage(activity),
      'Red\n1. Buy red\n\nBlue\n2. Buy blue\n3. More\n\n4. Buy green\n\n5. Stop',
    );
  });

  it('starts at 1 again in the next message', () => {
    const activity = MessageFactory.suggestedActions(['Yes'], '');
    assert.equal(renderMessage(activity), '1. Yes');
    assert.equal(renderMessage(activity), '1. Yes');
  });

  it('shows the summary only when the attachments show nothing', () => {
    const card = CardFactory.heroCard('Red');
    assert.equal(renderMessage({ summary: 'A car', attachments: [card] }), 'Red');
  });

  it('reads what JavaScript callers may send', () => {
    const malformed: Partial<Activity>[] = JSON.parse(`[
      { "text": null, "attachments": null, "suggestedActions": null },
      { "text": 42, "attachments": [null, 7], "suggestedActions": { "actions": "none" } },
      { "suggestedActions": { "actions": ["Yes", null, "No"] } },
      null
    ]`);
    assert.deepEqual(malformed.map(renderMessage), ['', '42', '1. Yes\n2. No', '']);
  });

  const contentTypes = [
    ...Object.values(CardFactory.contentTypes),
    'text/plain',
    'image/png',
    'application/vnd.acme.thing',
    '__proto__',
  ];
  const adaptiveType = fc.constantFrom(
    'TextBlock',
    'RichTextBlock',
    'FactSet',
    'Image',
    'ImageSet',
    'Media',
    'Container',
    'ColumnSet',
    'Table',
    'ActionSet',
    'Input.ChoiceSet',
    'Action.OpenUrl',
    'Action.Submit',
    'Action.ShowCard',
    'toString',
  );
  const fieldName = fc.constantFrom(
    ...[
      'title',
      'text',
      'body',
      'items',
      'actions',
      'buttons',
      'images',
      'image',
      'media',
      'facts',
      'tap',
      'url',
    ],
    ...[
      'inlines',
      'columns',
      'rows',
      'cells',
      'choices',
      'selectAction',
      'fallback',
      'card',
      'value',
      'isVisible',
    ],
    '__proto__',
  );
  const content = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue(),
      fc.array(tie('value'), { maxLength: 4 }),
      tie('part'),
      fc.constant('data:image/png;base64,AAAA'),
    ),
    part: fc
      .tuple(adaptiveType, fc.dictionary(fieldName, tie('value'), { maxKeys: 6 }))
      .map(([type, fields]) => ({ type, ...fields })),
  })).value;

  it('never throws, whatever the attachments hold', () => {
    const attachment = fc.record(
      {
        contentType: fc.oneof(fc.constantFrom(...contentTypes), fc.string()),
        content,
        contentUrl: fc.oneof(fc.constant('data:,x'), fc.webUrl()),
        name: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(attachment, { maxLength: 4 }), content, (attachments, suggestedActions) => {
        const activity: Partial<Activity> = JSON.parse(JSON.stringify({ attachments, suggestedActions }));
        assert.equal(typeof renderMessage(activity), 'string');
      }),
      { numRuns: 500 },
    );
  });

  it('shows every attachment', () => {
    const attachment = fc.record(
      { contentType: fc.oneof(fc.constantFrom(...contentTypes), fc.string()), content, name: fc.string() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(attachment, (one) => {
        const activity: Partial<Activity> = JSON.parse(JSON.stringify({ attachments: [one] }));
        assert.notEqual(renderMessage(activity), '');
      }),
      { numRuns: 500 },
    );
  });

  it('gives each number to one choice only, in reading order', () => {
    const titles = fc.array(fc.constantFrom('Yes', 'No', 'Maybe'), { maxLength: 5 });
    const heroCard = titles.map((buttons) => CardFactory.heroCard('Card', [], buttons));
    const receipt = titles.map((buttons) => ({
      contentType: CardFactory.contentTypes.receiptCard,
      content: { buttons, items: [{ title: 'Item', tap: { type: ActionTypes.ImBack, title: 'Details' } }] },
    }));
    const adaptive = fc.tuple(titles, titles).map(([shown, nested]) =>
      CardFactory.adaptiveCard({
        body: [{ type: 'ActionSet', actions: nested.map(submit) }],
        actions: [
          ...shown.map(submit),
          { type: 'Action.ShowCard', title: 'More', card: { actions: nested.map(submit) } },
        ],
      }),
    );
    const attachments = fc.array(fc.oneof(heroCard, receipt, adaptive), { maxLength: 5 });

    fc.assert(
      fc.property(attachments, titles, (cards, suggested) => {
        const text = renderMessage({
          attachments: cards,
          suggestedActions: { to: [], actions: CardFactory.actions(suggested) },
        });
        const numbers = Array.from(text.matchAll(/^(\d+)\. /gm), (match) => Number(match[1]));
        assert.deepEqual(
          numbers,
          Array.from(numbers, (_, index) => index + 1),
        );
      }),
    );
  });
});

function submit(title: string) {
  return { type: 'Action.Submit', title };
}
