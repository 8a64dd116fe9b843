import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Browser, launchBrowser } from '../../emulator/test/page/support/launchBrowser';
import { EmulatorPage } from './support/emulatorPage';
import { NpmStart } from './support/npmStart';

const HELLO =
  'Hello, this is the service desk. What can I do for you?\n\n1. Order status\n2. Opening hours\n3. Talk to an agent';
const COLLEAGUE = 'One moment, I am getting a colleague.';
const BACK = "You are talking to the service desk's bot again.";
const HOURS = 'We are open from Monday to Friday, 8:00 to 18:00, and on Saturday, 9:00 to 13:00.';
const ORDER = 'Order 123456 is being packed and leaves our warehouse today.';
const ELSE =
  'Is there anything else I can do for you?\n\n1. Order status\n2. Opening hours\n3. Talk to an agent';
const GOODBYE = 'Thank you for writing to us. Goodbye!';

const ALICE = 'Alice';
const BOB = 'Bob';

const LINES = z.array(z.strictObject({ author: z.string(), text: z.string(), timestamp: z.iso.datetime() }));
const WORLD = z.object({
  customers: z.array(z.object({ name: z.string(), conversationId: z.string() })),
  violations: z.array(z.unknown()),
});

describe('npm start, in a browser, for two customers at once', function () {
  this.timeout(240_000);

  let directory: string;
  let app: NpmStart;
  let browser: Browser;
  let open: EmulatorPage;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'webex-connect-walk-'));
    app = new NpmStart(directory);
    [browser] = await Promise.all([launchBrowser(), app.up()]);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    open = await EmulatorPage.open(context, app.pageUrl);
  });

  after(async () => {
    await browser?.close();
    await app?.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  it('opens with a bot that is verified, and with nobody', async () => {
    const { page } = open;
    await page.getByText('● active').waitFor();
    await page.getByText('Add a customer, and write to the bot as they would.').waitFor();
    assert.deepEqual(await rowsOf(open), ['Verify 200 ✓ token']);
  });

  it('lets customers on two channels chat with the bot', async () => {
    await open.addCustomer(ALICE, 'Facebook');
    await open.addCustomer(BOB, 'WhatsApp');
    await open.say(ALICE, 'Hello');
    await open.say(BOB, 'Where is order 123456?');
    await open.sees(ALICE, 'Bot', 'Hello, this is the service desk.');
    await open.sees(BOB, 'Bot', ORDER);
    await open.sees(BOB, 'Bot', 'Is there anything else I can do for you?');
    // A choice that the bot offers is a button.
    await open.customer(ALICE).getByRole('button', { name: 'Opening hours' }).click();
    await open.sees(ALICE, 'Bot', HOURS);
    await open.sees(ALICE, 'Bot', 'Is there anything else I can do for you?');
  });

  it('brings both to the desk, with the context and the transcript of each', async () => {
    await open.say(ALICE, 'Can I talk to an agent?');
    await open.say(BOB, 'I want a human');
    for (const [name, own, others] of [
      [ALICE, ['"reason": "asked"', 'customer: Hello', `bot: ${HOURS}`], ['123456', 'I want a human']],
      [BOB, ['"orderNumber": "123456"', `bot: ${ORDER}`, 'customer: I want a human'], ['customer: Hello']],
    ] as const) {
      await open.sees(name, 'Bot', COLLEAGUE);
      await open.customer(name).getByText('with the contact centre').waitFor();
      await open.conversation(name).getByText('What came with the handover').click();
      const context = open.conversation(name).getByRole('group', { name: 'Custom parameters' });
      await context.waitFor();
      const shown = await context.innerText();
      for (const words of own) assert.ok(shown.includes(words), `${words} in ${shown}`);
      for (const words of others) assert.ok(!shown.includes(words), `no ${words} in ${shown}`);
    }
  });

  it('lets the agent and the customers talk, and the bot hear it', async () => {
    await open.pickUp(ALICE);
    await open.answer(ALICE, 'Hello Alice, this is Ava.');
    await open.sees(ALICE, 'Ava', 'Hello Alice, this is Ava.');
    await open.pickUp(BOB);
    await open.answer(BOB, 'Hello Bob, this is Ava.');
    await open.sees(BOB, 'Ava', 'Hello Bob, this is Ava.');
    await open.say(BOB, 'My parcel is broken.');
    await open.say(ALICE, 'My invoice is wrong.');
    await open.agentSees(BOB, BOB, 'My parcel is broken.');
    await open.agentSees(ALICE, ALICE, 'My invoice is wrong.');
    await open.wire
      .locator('.wire-row')
      .filter({ hasText: 'My invoice is wrong.' })
      .filter({ hasText: 'mirrored' })
      .filter({ hasText: '✓ token' })
      .waitFor();
  });

  it('transfers a conversation to another agent', async () => {
    await open.transfer(ALICE, 'Ben');
    await open.answer(ALICE, 'Ben here, I have corrected it.');
    await open.sees(ALICE, 'Ben', 'Ben here, I have corrected it.');
    await open.sees(ALICE, 'Ava', 'Hello Alice, this is Ava.');
  });

  it('gives a customer back to the bot, while the agent keeps the other', async () => {
    await open.close(ALICE);
    await open.customer(BOB).getByText('with the contact centre').waitFor();
    await open.say(ALICE, 'When are you open?');
    await open.sees(ALICE, 'Bot', BACK);
    await open.say(BOB, 'Are you still there?');
    await open.agentSees(BOB, BOB, 'Are you still there?');
    await open.answer(BOB, 'A new one is on its way.');
    await open.sees(BOB, 'Ava', 'A new one is on its way.');
    await open.close(BOB);
    await open.say(BOB, 'Thanks, bye');
    await open.sees(BOB, 'Bot', GOODBYE);
    await open.customer(ALICE).locator('.bubble.bot').filter({ hasText: 'anything else' }).nth(1).waitFor();
  });

  it('has collated what all three have said to one transcript, for each customer alone', async () => {
    await holdsTranscript(ALICE, [
      'customer: Hello',
      `bot: ${HELLO}`,
      'customer: Opening hours',
      `bot: ${HOURS}`,
      `bot: ${ELSE}`,
      'customer: Can I talk to an agent?',
      `bot: ${COLLEAGUE}`,
      'agent: Hello Alice, this is Ava.',
      'customer: My invoice is wrong.',
      'agent: Ben here, I have corrected it.',
      'customer: When are you open?',
      `bot: ${BACK}`,
      `bot: ${HOURS}`,
      `bot: ${ELSE}`,
    ]);
    await holdsTranscript(BOB, [
      'customer: Where is order 123456?',
      `bot: ${ORDER}`,
      `bot: ${ELSE}`,
      'customer: I want a human',
      `bot: ${COLLEAGUE}`,
      'agent: Hello Bob, this is Ava.',
      'customer: My parcel is broken.',
      'customer: Are you still there?',
      'agent: A new one is on its way.',
      'customer: Thanks, bye',
      `bot: ${BACK}`,
      `bot: ${GOODBYE}`,
    ]);
  });

  it('leads to the transcript from the page', async () => {
    const opening = open.page.context().waitForEvent('page');
    await open.page.getByRole('link', { name: 'Transcript of Alice' }).click();
    const transcript = await opening;
    await transcript.getByText('agent: Ben here, I have corrected it.').waitFor();
    assert.doesNotMatch(await transcript.locator('body').innerText(), /parcel/);
    await transcript.close();
  });

  it('has seen nothing that the bot should not have done', async () => {
    assert.deepEqual((await world()).violations, []);
    await open.page.getByRole('button', { name: 'Violations 0' }).click();
    await open.page.getByText('The bot has done nothing wrong.').waitFor();
    await open.page.keyboard.press('Escape');
    await open.wire.getByLabel('Only with problems').check();
    await open.wire.getByText('Nothing that fits the filter.').waitFor();
    assert.deepEqual(open.errors, []);
  });

  it('says in the page that it was stopped, when it was', async () => {
    assert.deepEqual(await app.pressCtrlC(), { code: 0, signal: null });
    await open.page.getByText('Disconnected from the emulator').waitFor();
  });

  async function world(): Promise<z.infer<typeof WORLD>> {
    return WORLD.parse(await (await fetch(`${app.pageUrl}/api/world`)).json());
  }

  /** What is shown in the page may be on its way to the bot still. */
  async function holdsTranscript(name: string, expected: readonly string[]): Promise<void> {
    let lines = await transcriptOf(name);
    while (lines.length < expected.length) lines = await transcriptOf(name);
    assert.deepEqual(lines, expected);
  }

  async function transcriptOf(name: string): Promise<string[]> {
    const customer = (await world()).customers.find((other) => other.name === name);
    const id = encodeURIComponent(customer?.conversationId ?? '');
    const answer = await fetch(new URL(`/api/conversations/${id}/transcript`, app.botUrl));
    return LINES.parse(await answer.json()).map(({ author, text }) => `${author}: ${text}`);
  }
});

/** What the rows of the wire say, without times. */
async function rowsOf({ wire }: EmulatorPage): Promise<string[]> {
  const rows = await wire.locator('.wire-row').allInnerTexts();
  return rows.map((row) => row.replace(/\s+/g, ' ').replace(/^.* the bot |\d+ ms attempt 1 of 5 /g, ''));
}
