import { strict as assert } from 'node:assert';
import type { Locator, Page } from 'playwright-core';
import { expectCall, until, useBrowser } from './support/browser';
import { aCustomer, aMessage, anIntegration, aWorld } from './support/worlds';

const cardOf = (page: Page, name: string): Locator => page.getByRole('article', { name });

describe('page: customers', () => {
  const open = useBrowser();

  it('adds a customer on a channel, and says that only FB is documented', async () => {
    const opened = await open(aWorld());
    const { page } = opened;
    const column = page.getByRole('region', { name: 'Customers' });
    const form = column.getByRole('form', { name: 'Add a customer' });
    assert.equal(await column.getByRole('button', { name: 'assumption' }).count(), 0);
    await form.getByLabel('Name').fill('Zoë');
    await form.getByLabel('Channel').selectOption('WHATSAPP');
    await column.getByRole('button', { name: 'assumption' }).waitFor();
    await form.getByRole('button', { name: 'Add customer' }).click();
    await expectCall(opened, 'POST', '/api/customers', { name: 'Zoë', channel: 'WHATSAPP' });
    await until(page, async () => (await form.getByLabel('Name').inputValue()) === '', 'an empty name');
  });

  it('lets the user write as the new customer at once, though there is room for few', async () => {
    const customers = ['Alice', 'Bob', 'Chloé'].map((name) => aCustomer(name));
    const { page, emulator } = await open(aWorld({ customers }));
    emulator.answer('POST /api/customers', 200, { id: 'customer-zoe' });
    await page.getByLabel('Name').fill('Zoe');
    await page.getByLabel('Name').press('Enter');
    await until(page, () => emulator.calls.length === 1, 'the customer');
    emulator.show(aWorld({ customers: [...customers, aCustomer('Zoe')] }));
    await page.locator(':focus').and(page.getByLabel('Message from Zoe')).waitFor();
    await page.getByLabel('Message from Alice').focus();
    emulator.show(aWorld({ customers: [...customers, aCustomer('Zoe', { holder: 'contactCentre' })] }));
    await cardOf(page, 'Zoe').getByText('with the contact centre').waitFor();
    assert.equal(await page.locator(':focus').and(page.getByLabel('Message from Alice')).count(), 1);
  });

  it('suggests a name that nobody has', async () => {
    const opened = await open(aWorld({ customers: [aCustomer('Bob'), aCustomer('Alice')] }));
    await opened.page.getByRole('button', { name: 'Add customer' }).click();
    await expectCall(opened, 'POST', '/api/customers', { name: 'Chloé', channel: 'FB' });
  });

  it('lets two customers chat at once, each in their own chat', async () => {
    const alice = aCustomer('Alice', { chat: [aMessage('a1', 'Hello Alice')] });
    const bob = aCustomer('Bob', {
      holder: 'contactCentre',
      chat: [aMessage('b1', 'Hello Bob', { author: 'agent' })],
    });
    const opened = await open(aWorld({ customers: [alice, bob] }));
    const { page, emulator } = opened;

    await cardOf(page, 'Alice').getByLabel('Message from Alice').fill('Where is it?');
    await cardOf(page, 'Bob').getByLabel('Message from Bob').fill('And mine?');
    await cardOf(page, 'Alice').getByRole('button', { name: 'Send', exact: true }).click();
    await expectCall(opened, 'POST', '/api/customers/customer-alice/say', { text: 'Where is it?' });
    await cardOf(page, 'Bob').getByLabel('Message from Bob').press('Enter');
    await expectCall(opened, 'POST', '/api/customers/customer-bob/say', { text: 'And mine?' });
    assert.equal(await cardOf(page, 'Bob').getByLabel('Message from Bob').inputValue(), '');

    emulator.show(
      aWorld({
        customers: [
          { ...alice, chat: [...alice.chat, aMessage('a2', 'On its way, Alice')] },
          { ...bob, chat: [...bob.chat, aMessage('b2', 'Yours too, Bob', { author: 'agent' })] },
        ],
      }),
    );
    await cardOf(page, 'Alice').getByText('On its way, Alice').waitFor();
    await cardOf(page, 'Bob').getByText('Yours too, Bob').waitFor();
    assert.equal(await cardOf(page, 'Bob').getByText('Alice').count(), 0);
    assert.equal(await cardOf(page, 'Alice').getByText('with the bot').count(), 1);
    assert.equal(await cardOf(page, 'Bob').getByText('with the contact centre').count(), 1);
  });

  it('says a choice when it is tapped, and labels the buttons as an assumption', async () => {
    const opened = await open(
      aWorld({ customers: [aCustomer('Alice', { suggestions: ['Track it', 'Talk to an agent'] })] }),
    );
    const choices = opened.page.getByRole('group', { name: 'Choices for Alice' });
    await choices.getByRole('button', { name: 'Talk to an agent' }).click();
    await expectCall(opened, 'POST', '/api/customers/customer-alice/say', { text: 'Talk to an agent' });
    assert.equal(await choices.getByRole('button', { name: 'assumption' }).count(), 1);
  });

  it('sends postbacks, media and receipts', async () => {
    const opened = await open(aWorld({ customers: [aCustomer('Alice')] }));
    const card = cardOf(opened.page, 'Alice');
    await card.getByText('Receipt, postback, media').click();

    await card.getByRole('button', { name: 'Tap TRACK_ORDER' }).click();
    await expectCall(opened, 'POST', '/api/customers/customer-alice/tap', { payload: 'TRACK_ORDER' });
    await card.getByLabel('Another postback payload').fill('GET_STARTED');
    await card.getByRole('button', { name: 'Tap', exact: true }).click();
    await expectCall(opened, 'POST', '/api/customers/customer-alice/tap', { payload: 'GET_STARTED' });

    await card.getByLabel('Media by URL').fill('https://example.com/a.jpg');
    await card.getByLabel('Text with it, if any').fill('Look');
    await card.getByRole('button', { name: 'Send media' }).click();
    await expectCall(opened, 'POST', '/api/customers/customer-alice/send', {
      mediaUrl: 'https://example.com/a.jpg',
      text: 'Look',
    });

    await card.getByRole('button', { name: 'Mark' }).click();
    await expectCall(opened, 'POST', '/api/customers/customer-alice/acknowledge', { receipt: 'Read' });
    await card.getByLabel('Mark what the bot said as').selectOption('Failed');
    await card.getByRole('button', { name: 'Mark' }).click();
    await expectCall(opened, 'POST', '/api/customers/customer-alice/acknowledge', { receipt: 'Failed' });
  });

  it('keeps the payloads that were tapped as buttons, for every customer and over a reload', async () => {
    const { page } = await open(aWorld({ customers: [aCustomer('Alice'), aCustomer('Bob')] }));
    for (const name of ['Alice', 'Bob']) await cardOf(page, name).getByText('Receipt, postback').click();
    const payload = cardOf(page, 'Alice').getByLabel('Another postback payload');
    for (const text of ['A', 'B', 'A', 'C', 'D', 'E', 'F']) {
      await payload.fill(text);
      await payload.press('Enter');
      await cardOf(page, 'Bob')
        .getByRole('button', { name: `Tap ${text}`, exact: true })
        .waitFor();
    }
    await page.reload();
    await cardOf(page, 'Bob').getByText('Receipt, postback').click();
    const buttons = page.getByRole('group', { name: 'Postback buttons of Bob' }).getByRole('button');
    assert.deepEqual(await buttons.allInnerTexts(), ['Tap A', 'Tap B', 'Tap C', 'Tap D', 'Tap E', 'Tap F']);
  });

  it('gives the conversation’s ID, and leads to the bot’s transcript of it, if the bot has one', async () => {
    const chatting = aCustomer('Alice', { conversationId: 'CONV/a 1' });
    const silent = aCustomer('Bob', { conversationId: undefined });
    const { page, emulator } = await open(aWorld({ customers: [chatting, silent] }));
    assert.equal(await page.getByRole('link', { name: 'Transcript' }).count(), 0);

    const transcriptUrl = 'http://localhost:3978/conversations/{conversationId}?format=text';
    emulator.show(aWorld({ customers: [chatting, silent], integration: anIntegration({ transcriptUrl }) }));
    const link = page.getByRole('link', { name: 'Transcript of Alice, by the bot' });
    await link.waitFor();
    assert.equal(
      await link.getAttribute('href'),
      'http://localhost:3978/conversations/CONV%2Fa%201?format=text',
    );
    assert.equal(await page.getByRole('link', { name: 'Transcript' }).count(), 1, 'Bob said nothing yet');

    await cardOf(page, 'Alice').getByText('Receipt, postback').click();
    await cardOf(page, 'Alice').getByRole('button', { name: 'Copy ID' }).click();
    await page.getByText('✓ copied').waitFor();
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), 'CONV/a 1');
  });

  it('shows who said what and when, with its receipt', async () => {
    const chat = [
      aMessage('a1', 'Hi', { author: 'customer' }),
      aMessage('a2', 'Hello', { receipt: 'Delivered' }),
      aMessage('a3', '', { author: 'customer', postback: 'TRACK_ORDER' }),
      aMessage('a4', '', { author: 'customer', media: 'javascript:alert(1)' }),
      aMessage('a5', 'Hello', { author: 'agent', agent: 'Ava' }),
    ];
    const { page } = await open(aWorld({ customers: [aCustomer('Alice', { chat })] }));
    const bubbles = await page
      .getByRole('log', { name: 'Chat of Alice' })
      .getByRole('listitem')
      .allInnerTexts();
    assert.deepEqual(
      bubbles.map((text) => text.replace(/\s+/g, ' ')),
      [
        'Alice 14:05:01 Hi',
        'Bot 14:05:01 Hello ✓ Delivered',
        'Alice 14:05:01 Tapped TRACK_ORDER',
        'Alice 14:05:01 Media: javascript:alert(1)',
        'Ava 14:05:01 Hello',
      ],
    );
    assert.equal(await page.getByRole('log').getByRole('link').count(), 0, 'only the web is linked to');
  });

  it('gives a message back that could not be sent, and says why', async () => {
    const opened = await open(aWorld({ customers: [aCustomer('Alice')] }));
    const { page, emulator } = opened;
    emulator.answer('POST /api/customers/customer-alice/say', 409, { error: 'The integration has no bot.' });
    const line = page.getByLabel('Message from Alice');
    await line.fill('Hello?');
    await line.press('Enter');
    await page
      .getByRole('alert')
      .getByText('The message was not sent. The integration has no bot.')
      .waitFor();
    await until(page, async () => (await line.inputValue()) === 'Hello?', 'the text again');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('The integration has no bot.').waitFor({ state: 'detached' });
  });

  it('folds the customers that find no room, and keeps what is typed while others write', async () => {
    const customers = ['Alice', 'Bob', 'Chloé', 'Dmitri'].map((name) => aCustomer(name));
    const { page, emulator } = await open(aWorld({ customers }));
    const fourth = cardOf(page, 'Dmitri').getByRole('button', { name: 'Dmitri' });
    assert.equal(await fourth.getAttribute('aria-expanded'), 'false');
    await fourth.click();
    await page.getByLabel('Message from Dmitri').fill('half a wo');
    const [alice, ...others] = customers;
    assert.ok(alice !== undefined, 'Alice is there');
    emulator.show(aWorld({ customers: [{ ...alice, chat: [aMessage('a1', 'News')] }, ...others] }));
    await page.getByText('News', { exact: true }).waitFor();
    assert.equal(await page.getByLabel('Message from Dmitri').inputValue(), 'half a wo');
  });
});
