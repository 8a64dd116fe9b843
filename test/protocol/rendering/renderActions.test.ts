import assert from 'node:assert/strict';
import { ActionTypes } from 'botbuilder';
import { cardActionShape } from '../../../src/protocol/rendering/cardShapes';
import { ChoiceNumbers } from '../../../src/protocol/rendering/choiceNumbers';
import { renderActions, renderTap } from '../../../src/protocol/rendering/renderActions';

const url = 'https://x.example';

function rendered(...actions: unknown[]): string[] {
  return renderActions(
    actions.map((action) => cardActionShape.parse(action)),
    new ChoiceNumbers(),
  );
}

describe('renderActions', () => {
  for (const type of [
    ActionTypes.OpenUrl,
    ActionTypes.PlayAudio,
    ActionTypes.PlayVideo,
    ActionTypes.ShowImage,
    ActionTypes.DownloadFile,
    ActionTypes.Signin,
    ActionTypes.OpenApp,
  ]) {
    it(`shows ${type} as a link`, () => {
      assert.deepEqual(rendered({ type, title: 'Go', value: url }), [`Go: ${url}`]);
    });
  }

  for (const type of [
    ActionTypes.ImBack,
    ActionTypes.MessageBack,
    ActionTypes.PostBack,
    ActionTypes.Payment,
    'invoke',
  ]) {
    it(`shows ${type} as a numbered choice`, () => {
      assert.deepEqual(rendered({ type, title: 'Go', value: 'x' }), ['1. Go']);
    });
  }

  const cases: [string, unknown, string[]][] = [
    ['a call', { type: 'call', title: 'Ring', value: 'tel:+15551234' }, ['Ring: +15551234']],
    ['a call without a title', { type: 'call', value: '+15551234' }, ['+15551234']],
    ['a link without a title', { type: 'openUrl', value: url }, [url]],
    ['a link titled with its URL', { type: 'openUrl', title: url, value: url }, [url]],
    ['a link without a URL', { type: 'openUrl', title: 'Go' }, ['Go']],
    ['a link to a data URI', { type: 'showImage', title: 'Map', value: 'data:,x' }, ['Map (attachment)']],
    ['a type in capitals', { type: 'OPENURL', title: 'Go', value: url }, [`Go: ${url}`]],
    ['a title ending in a colon', { type: 'openUrl', title: 'Go:', value: url }, [`Go: ${url}`]],
    ['a choice labelled by its value', { type: 'imBack', value: 'yes' }, ['1. yes']],
    ['a choice labelled by its text', { type: 'messageBack', text: 'yes', value: { a: 1 } }, ['1. yes']],
    ['a choice labelled by its display text', { type: 'messageBack', displayText: 'Yes' }, ['1. Yes']],
    ['a choice that is an image', { type: 'imBack', imageAltText: 'Thumb up' }, ['1. Thumb up']],
    ['a call of what only ends like one', { type: 'call', title: 'Ask', value: 'hotel:7' }, ['Ask: hotel:7']],
    ['a choice of no type', { title: 'Yes' }, ['1. Yes']],
    ['a bare string', 'Yes', ['1. Yes']],
    ['a number as title', { type: 'imBack', title: 5 }, ['1. 5']],
  ];
  for (const [name, action, expected] of cases) {
    it(`shows ${name}`, () => assert.deepEqual(rendered(action), expected));
  }

  it('keeps repeated actions, and gives no number to one without a label', () => {
    const yes = { type: 'imBack', title: 'Yes' };
    assert.deepEqual(rendered(yes, { type: 'postBack', value: { a: 1 } }, yes), ['1. Yes', '2. Yes']);
  });

  it('shows no line for a tap that is not there', () => {
    assert.deepEqual(renderTap(undefined, new ChoiceNumbers()), []);
  });
});
