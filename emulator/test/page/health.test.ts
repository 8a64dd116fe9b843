import { strict as assert } from 'node:assert';
import type { ServerResponse } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { createEmulator, type Emulator } from '../../src';
import { type ReceivedEvent, respond, TestBot, TOKEN } from '../engine/support/testBot';
import { openPageAt, type PageAt } from './support/browser';
import { launchBrowser } from './support/launchBrowser';

/** Chromium is slow on a busy machine. */
const PATIENCE_MS = 60_000;

/** Answers 503, or takes the event and says its echo. */
class FailingBot {
  isDown = false;
  webhookUrl = '';
  readonly heard: string[] = [];

  readonly respond = (event: ReceivedEvent, res: ServerResponse): void => {
    if (this.isDown) {
      respond(res, 503, 'down');
      return;
    }
    respond(res, 200, JSON.stringify({ verification_token: TOKEN }));
    const { Message, Conversationid } = event.fields;
    if (Message === undefined) return;
    this.heard.push(Message);
    void fetch(this.webhookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        eventid: '1001',
        conversation_id: Conversationid,
        message: `Echo: ${Message}`,
        Messagetype: 'TEXT',
        Timestamp: new Date().toISOString().replace('T', ' ').replace('Z', ''),
      }),
    });
  };
}

describe('page and emulator: a webhook that fails', function () {
  this.timeout(2 * PATIENCE_MS);

  let browser: Browser;
  let bot: FailingBot;
  let endpoint: TestBot;
  let emulator: Emulator;
  let opened: PageAt;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  beforeEach(async () => {
    bot = new FailingBot();
    endpoint = await TestBot.start(bot.respond);
    emulator = await createEmulator({ botUrl: endpoint.url, verificationToken: TOKEN });
    bot.webhookUrl = emulator.webhookUrl;
    await emulator.integration.verify();
    opened = await openPageAt(browser, emulator.url);
    page = opened.page;
    page.setDefaultTimeout(PATIENCE_MS);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Add customer' }).click();
  });

  afterEach(async () => {
    await opened.context.close();
    await emulator.stop();
    await endpoint.stop();
  });

  const health = () => page.getByRole('region', { name: 'Integration' });
  const failures = (count: number) =>
    health()
      .getByRole('img', { name: `${count} of 5 failures in a row` })
      .waitFor();
  const press = (name: string) => page.getByRole('button', { name }).click();
  const rowOf = (text: string) => page.locator('.toBot .wire-row').filter({ hasText: text });

  async function say(text: string): Promise<void> {
    await page.getByLabel('Message from Alice').fill(text);
    await page.getByLabel('Message from Alice').press('Enter');
    await rowOf(text).waitFor();
  }

  async function saveAndVerify(): Promise<void> {
    await page.getByRole('button', { name: 'Edit the integration' }).click();
    await press('Save and verify');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  it('is seen to fail one to five times as the clock is stepped and jumped, and to become inactive', async () => {
    bot.isDown = true;
    await say('first');
    await failures(1);
    await health().getByText('● failing').waitFor();
    await rowOf('first').getByText('attempt 1 of 5').waitFor();
    await rowOf('first').getByText('will be retried').waitFor();

    await page.getByRole('button', { name: 'Step to next retry in 1 min 00 s' }).click();
    await failures(2);
    await page.getByRole('button', { name: 'Step to next retry in 5 min 00 s' }).click();
    await failures(3);
    await rowOf('first').getByText('attempt 3 of 5').waitFor();
    // The next is due after fifteen minutes.
    await press('+10 min');
    await page.getByRole('button', { name: 'Step to next retry in 5 min 00 s' }).waitFor();
    await failures(3);
    await press('+10 min');
    await failures(4);
    await press('+1 h');
    await failures(5);

    await health().getByText('✕ inactive').waitFor();
    await page.getByText('Five failures in a row have made the webhook inactive').waitFor();
    await rowOf('first').getByText('gave up').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Step to next retry in' }).count(), 0);
  });

  it('is healthy again after edit and verify, and gets what was held, in order', async () => {
    bot.isDown = true;
    await say('first');
    await failures(1);
    await press('+1 h');
    await failures(5);
    for (const text of ['second', 'third']) {
      await say(text);
      await rowOf(text).getByText('held back').waitFor();
    }

    // Verifying alone does not do: the reference says edit and verify.
    await page.getByRole('button', { name: 'Verify', exact: true }).last().click();
    await page.getByText('edit it, then verify it again').waitFor();
    await saveAndVerify();
    await page.getByText('The last Verify failed: answered 503').waitFor();
    await health().getByText('○ not verified').waitFor();
    assert.deepEqual(bot.heard, []);

    bot.isDown = false;
    await saveAndVerify();
    await health().getByText('● active').waitFor();
    await failures(0);
    for (const text of ['second', 'third']) {
      await rowOf(text).getByText('✓ token').waitFor();
      await page.getByRole('log').getByText(`Echo: ${text}`).waitFor();
    }
    assert.deepEqual(bot.heard, ['second', 'third'], 'the first was given up');
    await say('fourth');
    await page.getByRole('log').getByText('Echo: fourth').waitFor();
    await page.getByText('has made the webhook inactive').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Violations 0' }).waitFor();
    assert.deepEqual(opened.errors, []);
  });
});
