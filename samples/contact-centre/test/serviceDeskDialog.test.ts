import assert from 'node:assert/strict';
import { type Activity, ConversationState, MemoryStorage, TestAdapter, UserState } from 'botbuilder';
import { DialogSet, type DialogTurnResult } from 'botbuilder-dialogs';
import { Patience } from '../dialogs/patience';
import { type HandoverReason, SERVICE_DESK_DIALOG, ServiceDeskDialog } from '../dialogs/serviceDeskDialog';

const HELLO = 'Hello, this is the service desk. What can I do for you?';
const SORRY = 'Sorry, I did not understand that. What can I do for you?';
const WHICH_ORDER = 'What is the number of your order? It has six digits.';
const NO_NUMBER = 'That is no order number: I need six digits, such as 123456. Please try again.';
const ORDER_123456 = 'Order 123456 is being packed and leaves our warehouse today.';
const HOURS = 'We are open from Monday to Friday, 8:00 to 18:00, and on Saturday, 9:00 to 13:00.';
const ELSE = 'Is there anything else I can do for you?';
const NEVER_MIND = 'All right, never mind. What else can I do for you?';
const HELP =
  'I can tell you where your order is and when we are open. Say "agent" whenever you want to talk to a colleague, and "cancel" to begin anew.';
const GOODBYE = 'Thank you for writing to us. Goodbye!';

/** What the customer writes, and what is answered. */
type Exchange = readonly [said: string, ...heard: string[]];

const ASKED = '(handed over: asked)';
const LOST = '(handed over: notUnderstood)';

/** Plays the dialog, and shows how it ends as one more answer. */
async function play(exchanges: readonly Exchange[]): Promise<void> {
  const { say } = desk();
  for (const [said, ...heard] of exchanges) {
    const answers = await say(said);
    assert.deepEqual(
      answers.map(({ text }) => text),
      heard,
      `after: ${said}`,
    );
  }
}

function desk(): { say(text: string): Promise<readonly Partial<Activity>[]> } {
  const storage = new MemoryStorage();
  const conversationState = new ConversationState(storage);
  const userState = new UserState(storage);
  const dialogs = new DialogSet(conversationState.createProperty('dialogs'));
  dialogs.add(new ServiceDeskDialog(new Patience(conversationState), userState.createProperty('lastOrder')));
  const adapter = new TestAdapter(async (context) => {
    const talk = await dialogs.createContext(context);
    const turn: DialogTurnResult<HandoverReason> =
      talk.activeDialog === undefined
        ? await talk.beginDialog(SERVICE_DESK_DIALOG)
        : await talk.continueDialog();
    if (turn.result !== undefined) await context.sendActivity(`(handed over: ${turn.result})`);
    await conversationState.saveChanges(context);
    await userState.saveChanges(context);
  });
  return {
    async say(text) {
      await adapter.send(text).startTest();
      return adapter.activeQueue.splice(0);
    },
  };
}

describe('The service desk', () => {
  const talks: Record<string, readonly Exchange[]> = {
    'greets, and shows its menu': [['hi', HELLO]],
    'takes the menu by its numbers': [
      ['hello', HELLO],
      ['2', HOURS, ELSE],
      [' 1. ', WHICH_ORDER],
      ['123456', ORDER_123456, ELSE],
      ['3', ASKED],
    ],
    'takes the menu by its titles': [
      ['hey', HELLO],
      ['Opening hours', HOURS, ELSE],
      ['Order status', WHICH_ORDER],
      ['it is #123456, I think', ORDER_123456, ELSE],
      ['Talk to an agent', ASKED],
    ],
    'knows without its menu what it is about': [['Where is my order?', WHICH_ORDER]],
    'asks for nothing that it was told': [['Where is my order 123456?', ORDER_123456, ELSE]],
    'reads the payload of a button': [['TRACK_ORDER', WHICH_ORDER]],
    'allows a second try at the number': [
      ['track my parcel', WHICH_ORDER],
      ['12345', NO_NUMBER],
      ['123456', ORDER_123456, ELSE],
    ],
    'takes seven digits for no number of six': [
      ['order', WHICH_ORDER],
      ['1234567', NO_NUMBER],
    ],
    'wants a colleague after two wrong numbers': [
      ['order', WHICH_ORDER],
      ['no idea', NO_NUMBER],
      ['what?', LOST],
    ],
    'wants a colleague after two misunderstandings': [
      ['fnord', SORRY],
      ['fnord', LOST],
    ],
    'wants a colleague after two misunderstandings at its menu': [
      ['hi', HELLO],
      ['fnord', SORRY],
      ['9', LOST],
    ],
    'counts only misunderstandings in a row': [
      ['fnord', SORRY],
      ['1', WHICH_ORDER],
      ['fnord', NO_NUMBER],
      ['123456', ORDER_123456, ELSE],
      ['fnord', SORRY],
      ['hi', HELLO],
      ['fnord', SORRY],
      ['fnord', LOST],
    ],
    'begins anew after a colleague was wanted': [
      ['agent', ASKED],
      ['123456', SORRY],
      ['hi', HELLO],
    ],
    'is cancelled in the middle of a question': [
      ['order', WHICH_ORDER],
      ['Cancel!', NEVER_MIND],
      ['123456', SORRY],
      ['bye', GOODBYE],
      ['hi', HELLO],
    ],
    'is not cancelled by a word in a sentence': [['I want to cancel my order', WHICH_ORDER]],
    'explains itself in the middle of a question, and asks again': [
      ['order', WHICH_ORDER],
      ['help', HELP, WHICH_ORDER],
      ['123456', ORDER_123456, ELSE],
    ],
    'explains itself at its menu': [
      ['hi', HELLO],
      ['help me', HELP, HELLO],
    ],
    'explains itself to whom begins with that': [
      ['help', HELP],
      ['2', HOURS, ELSE],
    ],
    'takes a cry for help for no misunderstanding': [
      ['fnord', SORRY],
      ['help', HELP, SORRY],
      ['fnord', SORRY],
      ['fnord', LOST],
    ],
    'says goodbye, and greets again': [
      ['hi', HELLO],
      ['No, thanks', GOODBYE],
      ['hi', HELLO],
    ],
  };
  for (const [title, exchanges] of Object.entries(talks)) {
    it(title, () => play(exchanges));
  }

  for (const said of [
    'agent',
    'AGENT!',
    'Can I speak to a Human, please?',
    'TALK_TO_AGENT',
    'no, an agent.',
  ]) {
    it(`hears the wish for a colleague in ${said}`, () => play([[said, ASKED]]));
    it(`hears it in the middle of a question in ${said}`, () =>
      play([
        ['order', WHICH_ORDER],
        [said, ASKED],
      ]));
  }

  for (const said of ['a travel agency', 'that is inhumane', 'reagents']) {
    it(`hears none in ${said}`, () => play([[said, SORRY]]));
  }

  it('offers its menu as suggested actions', async () => {
    const [menu] = await desk().say('hi');
    assert.deepEqual(
      menu?.suggestedActions?.actions.map(({ value }) => value),
      ['Order status', 'Opening hours', 'Talk to an agent'],
    );
  });

  it('does not understand a message without a text', async () => {
    const [answer] = await desk().say('');
    assert.equal(answer?.text, SORRY);
  });
});
