import assert from 'node:assert/strict';
import { CardFactory } from 'botbuilder';
import { renderAdaptiveCard } from '../../../../src/protocol/rendering/adaptive/renderAdaptiveCard';
import { ChoiceNumbers } from '../../../../src/protocol/rendering/choiceNumbers';
import { renderAttachment } from '../../../../src/protocol/rendering/renderAttachment';

const url = 'https://x.example/a';
const text = (value: string) => ({ type: 'TextBlock', text: value });
const submit = (title: string) => ({ type: 'Action.Submit', title });
const openUrl = { type: 'Action.OpenUrl', title: 'Open', url };

function render(content: unknown): string {
  return renderAdaptiveCard(content, new ChoiceNumbers());
}

describe('renderAdaptiveCard', () => {
  const elements: [string, unknown, string][] = [
    ['TextBlock', text('Hello'), 'Hello'],
    ['TextBlock with a fallback', { ...text('Hello'), fallback: text('no') }, 'Hello'],
    ['bare text', ' Hello ', 'Hello'],
    [
      'Input.Toggle with label and title',
      { type: 'Input.Toggle', label: 'News', title: 'Mail me' },
      'News Mail me',
    ],
    ['ImageSet of bare URLs', { type: 'ImageSet', images: [url, null, 7] }, url],
    [
      'Table with a row of nothing',
      { type: 'Table', rows: [{ cells: ['', ' '] }, { cells: ['a', ''] }] },
      'a | ',
    ],
    [
      'actions that never need their fallbacks',
      {
        type: 'ActionSet',
        actions: [
          { ...submit('Buy'), fallback: 'drop' },
          { type: 'Action.Execute', title: 'Sell', fallback: 'drop' },
          { type: 'Action.OpenUrl', title: 'Open' },
        ],
      },
      '1. Buy\n2. Sell\nOpen',
    ],
    [
      'RichTextBlock',
      {
        type: 'RichTextBlock',
        inlines: ['Now ', { type: 'TextRun', text: 'here', selectAction: openUrl }, '!', null],
      },
      `Now here!\nOpen: ${url}`,
    ],
    [
      'FactSet',
      {
        type: 'FactSet',
        facts: [{ title: 'Board:', value: 'A' }, { title: 'List', value: 7 }, { title: 'Due' }],
      },
      'Board: A\nList: 7\nDue',
    ],
    ['Image', { type: 'Image', url, altText: 'Cat', selectAction: openUrl }, `Cat: ${url}\nOpen: ${url}`],
    [
      'Image with data',
      { type: 'Image', url: 'data:image/png;base64,AA', altText: 'Cat' },
      'Cat (attachment)',
    ],
    [
      'ImageSet',
      { type: 'ImageSet', images: [{ url }, { type: 'Image', url, altText: 'Dog' }, 1] },
      `${url}\nDog: ${url}`,
    ],
    [
      'Media',
      { type: 'Media', altText: 'Film', poster: 'https://p', sources: [{ mimeType: 'video/mp4', url }] },
      `Film: ${url}`,
    ],
    ['Media without sources', { type: 'Media', altText: 'Film', poster: url }, `Film: ${url}`],
    [
      'Container',
      { type: 'Container', items: [text('a'), text('b')], selectAction: submit('Pick') },
      'a\nb\n1. Pick',
    ],
    [
      'ColumnSet',
      { type: 'ColumnSet', columns: [{ type: 'Column', items: [text('a')] }, { items: [text('b')] }] },
      'a\nb',
    ],
    [
      'Table',
      {
        type: 'Table',
        rows: [
          {
            type: 'TableRow',
            cells: [{ type: 'TableCell', items: [text('A'), text('B')] }, { items: [text('C')] }],
          },
          { cells: [{ items: [] }, { items: [text('D')] }] },
          { cells: [{ items: [] }] },
          { cells: [{ items: [text('hidden')] }], isVisible: false },
          null,
        ],
      },
      'A B | C\n | D',
    ],
    ['ActionSet', { type: 'ActionSet', actions: [submit('Yes'), openUrl] }, `1. Yes\nOpen: ${url}`],
    [
      'Input.Text',
      { type: 'Input.Text', id: 'n', label: 'Name', placeholder: 'first and last' },
      'Name (first and last)',
    ],
    ['Input.Number', { type: 'Input.Number', placeholder: 'How many?' }, 'How many?'],
    ['Input.Date', { type: 'Input.Date', label: 'When' }, 'When'],
    ['Input.Toggle', { type: 'Input.Toggle', title: 'I agree' }, 'I agree'],
    [
      'Input.Text with a button',
      { type: 'Input.Text', label: 'Say', inlineAction: submit('Send') },
      'Say\n1. Send',
    ],
    [
      'Input.ChoiceSet',
      {
        type: 'Input.ChoiceSet',
        label: 'Colour',
        choices: [{ title: 'Red', value: 'r' }, { value: 'g' }, {}, 4],
      },
      'Colour\n- Red\n- g',
    ],
    ['unknown type with items', { type: 'Acme', items: [text('a')], fallback: text('no') }, 'a'],
    ['unknown type with a body', { type: 'Acme', body: [text('a')] }, 'a'],
    ['unknown type with columns', { type: 'Acme', columns: [{ items: [text('a')] }] }, 'a'],
    ['unknown type with pages', { type: 'Carousel', pages: [{ items: [text('a')] }] }, 'a'],
    ['unknown type with a fallback', { type: 'Acme', title: 'no', fallback: text('instead') }, 'instead'],
    [
      'unknown type with a title and text',
      { type: 'Badge', title: 'New', text: 'in stock' },
      'New\nin stock',
    ],
    ['unknown type that wants to be dropped', { type: 'Acme', text: 'no', fallback: 'drop' }, ''],
    ['a type in capitals', { type: 'TEXTBLOCK', text: 'Hello' }, 'Hello'],
    ['a bare string', 'Hello', 'Hello'],
    ['an invisible element', { ...text('no'), isVisible: false }, ''],
    ['what is no element', 12, ''],
  ];
  for (const [name, element, expected] of elements) {
    it(`shows ${name}`, () => assert.equal(render({ type: 'AdaptiveCard', body: [element] }), expected));
  }

  const actions: [string, unknown, string][] = [
    ['Action.OpenUrl', openUrl, `Open: ${url}`],
    ['Action.Submit', submit('Yes'), '1. Yes'],
    ['Action.Execute', { type: 'Action.Execute', title: 'Run' }, '1. Run'],
    ['an action with a tooltip only', { type: 'Action.Submit', tooltip: 'Like' }, '1. Like'],
    ['an action without a label', { type: 'Action.Submit', data: {} }, ''],
    ['Action.ToggleVisibility', { type: 'Action.ToggleVisibility', title: 'More' }, ''],
    ['an unknown action', { type: 'Action.Acme', title: 'Go' }, '1. Go'],
    ['an unknown action with a URL', { type: 'Action.Acme', title: 'Go', url }, `Go: ${url}`],
    [
      'an unknown action with a fallback',
      { type: 'Action.Acme', title: 'Go', fallback: openUrl },
      `Open: ${url}`,
    ],
    [
      'an unknown action that wants to be dropped',
      { type: 'Action.Acme', title: 'Go', fallback: 'drop' },
      '',
    ],
    ['what is no action', 'Go', ''],
  ];
  for (const [name, action, expected] of actions) {
    it(`shows ${name}`, () => assert.equal(render({ actions: [action] }), expected));
  }

  it('shows body, tap action and actions, then each shown card as a block of its own', () => {
    const card = CardFactory.adaptiveCard({
      type: 'AdaptiveCard',
      version: '1.5',
      body: [text('Order 7'), { type: 'Container', items: [text('ready')] }],
      selectAction: openUrl,
      actions: [
        {
          type: 'Action.ShowCard',
          title: 'Comment',
          card: {
            body: [{ type: 'Input.Text', label: 'Your comment' }],
            actions: [
              submit('Send'),
              { type: 'Action.ShowCard', title: 'Help', card: { body: [text('Call us.')] } },
            ],
          },
        },
        submit('Fetch'),
        { type: 'Action.ShowCard', title: 'Terms', card: { fallbackText: 'See our site.' } },
      ],
    });
    assert.equal(
      renderAttachment(card, new ChoiceNumbers()),
      [
        `Order 7\nready\nOpen: ${url}\n1. Fetch`,
        'Comment\nYour comment\n2. Send',
        'Terms\nSee our site.',
        'Help\nCall us.',
      ].join('\n\n'),
    );
  });

  it('falls back on its fallback text, then on speak', () => {
    const empty = { body: [{ ...text('no'), isVisible: false }], speak: '<speak>Spoken</speak>' };
    assert.equal(render({ ...empty, fallbackText: 'Update your app' }), 'Update your app');
    assert.equal(render(empty), 'Spoken');
    assert.equal(render({ body: [text('Body')], fallbackText: 'no' }), 'Body');
    const shown = [{ type: 'Action.ShowCard', title: 'More', card: { body: [text('Body')] } }];
    assert.equal(render({ fallbackText: 'no', actions: shown }), 'More\nBody');
  });

  it('shows nothing of what is no card', () => {
    assert.deepEqual([null, 'card', 5, {}].map(render), ['', '', '', '']);
  });

  it('shows the rest of a malformed card', () => {
    const card = {
      body: [null, [], { type: 5, text: 'odd' }, text('a'), { type: 'FactSet', facts: {} }],
      actions: {},
    };
    assert.equal(render(card), 'odd\na');
  });

  describe('bounds', () => {
    function nested(levels: number): unknown {
      let card: unknown = text('deepest');
      for (let level = 0; level < levels; level += 1) card = { type: 'Container', items: [card] };
      return { body: [text('top'), card] };
    }

    it('shows what lies 32 levels deep and leaves out what lies deeper', () => {
      assert.equal(render(nested(31)), 'top\ndeepest');
      assert.equal(render(nested(32)), 'top');
    });

    it('survives 100,000 levels', () => {
      assert.equal(render(nested(100_000)), 'top');
    });

    it('survives 100,000 cards that show each other, and fallbacks without end', () => {
      let card: unknown = { body: [text('deepest')] };
      let fallback: unknown = { type: 'Action.Acme' };
      for (let level = 0; level < 100_000; level += 1) {
        card = { body: [text('level')], actions: [{ type: 'Action.ShowCard', card }] };
        fallback = { type: 'Action.Acme', fallback };
      }
      assert.equal(render(card), Array(16).fill('level').join('\n\n'));
      assert.equal(render({ body: [text('top')], actions: [fallback] }), 'top');
    });

    /** An element that lies so many levels deep. */
    const at = (depth: number, element: unknown): unknown =>
      depth === 1 ? element : { type: 'Container', items: [at(depth - 1, element)] };
    const deep = submit('deep');
    const parents: [name: string, depth: number, element: unknown][] = [
      ['the action of an element', 32, { ...text('top'), selectAction: deep }],
      [
        'the action of a run of text',
        32,
        { type: 'RichTextBlock', inlines: [{ text: 'top', selectAction: deep }] },
      ],
      ['the action within an input', 32, { type: 'Input.Text', label: 'top', inlineAction: deep }],
      ['an action of a set', 32, { type: 'ActionSet', actions: [deep] }],
      [
        'the fallback of an action',
        31,
        { type: 'ActionSet', actions: [{ type: 'Action.Acme', fallback: deep }] },
      ],
      ['the fallback of an element', 32, { type: 'Acme', fallback: text('deep') }],
      ['an image of a set', 32, { type: 'ImageSet', images: [{ url: 'https://deep' }] }],
      ['a cell of a row', 32, { type: 'TableRow', cells: [text('deep')] }],
      ['a row of a table', 32, { type: 'Table', rows: [{ cells: ['deep'] }] }],
      ['the action of a card behind an action', 30, showCard({ selectAction: deep })],
    ];
    function showCard(card: object): unknown {
      return { type: 'ActionSet', actions: [{ type: 'Action.ShowCard', card }] };
    }
    for (const [name, depth, element] of parents) {
      it(`leaves out ${name}, where it lies 33 levels deep`, () => {
        assert.match(render({ body: [at(depth - 1, element)] }), /deep/);
        assert.doesNotMatch(render({ body: [at(depth, element)] }), /deep/);
      });
    }

    it('shows 10,000 elements, the card among them', () => {
      const body = Array(20_000).fill(text('again'));
      assert.equal(render({ body }).split('\n').length, 9_999);
    });

    it('comes to an end with a card that refers to itself many times', () => {
      const container: { type: string; items: unknown[] } = { type: 'Container', items: [text('again')] };
      container.items.push(container, container, container);
      const lines = render({ body: [container] }).split('\n');
      assert.ok(lines.length > 1000 && lines.length < 10_000);
    });
  });
});
