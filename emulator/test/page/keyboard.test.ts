import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { expectCall, PHONE, useBrowser } from './support/browser';
import { aCustomer, aWorld, busyWorld } from './support/worlds';

interface Stop {
  readonly words: string;
  readonly hasOutline: boolean;
  readonly isInDialog: boolean;
}

/** What has the focus. */
function stopAt(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const node = document.activeElement;
    const label =
      node instanceof HTMLInputElement || node instanceof HTMLSelectElement ? node.labels?.[0] : undefined;
    const words = node?.getAttribute('aria-label') ?? label?.textContent ?? node?.textContent ?? '';
    return {
      words: words.replace(/\s+/g, ' ').trim(),
      hasOutline: node !== null && getComputedStyle(node).outlineStyle !== 'none',
      isInDialog: node?.closest('dialog') != null,
    };
  });
}

/** Presses Tab until what has the focus begins with `words`. */
async function tabTo(page: Page, words: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press(key);
    if ((await stopAt(page)).words.startsWith(words)) return;
  }
  assert.fail(`Tab never comes to "${words}"`);
}

describe('page: without a mouse', () => {
  const open = useBrowser();

  it('comes to every control in the order of the page, and always shows where it is', async () => {
    const { page } = await open(busyWorld());
    const shown = await page.evaluate(
      () =>
        [
          ...document.querySelectorAll('button, input, select, textarea, summary, a[href], [tabindex="0"]'),
        ].filter((node) => node.checkVisibility() && node.getAttribute('tabindex') !== '-1').length,
    );
    const stops: Stop[] = [];
    for (let index = 0; index < shown; index++) {
      await page.keyboard.press('Tab');
      const stop = await stopAt(page);
      assert.ok(stop.hasOutline, `the focus is seen at "${stop.words}"`);
      stops.push(stop);
    }
    const at = (words: string): number => stops.findIndex((stop) => stop.words.startsWith(words));
    const order = [
      'Verify',
      'Edit…',
      'Faults',
      'Violations',
      'Resume',
      'Step to next retry',
      'Forward to',
      'Name',
      'Add customer',
      'Chat of Alice',
      'Message from Alice',
      'Message from Bob',
      'Customer',
      'Only with problems',
      '14:05:01.40',
      'You are the agent',
      'Pick up Chloé',
      'Answer to Bob',
    ];
    const positions = order.map(at);
    assert.ok(
      !positions.includes(-1),
      `all are reached: ${order.filter((words) => at(words) === -1).join(', ')}`,
    );
    assert.deepEqual(
      positions,
      [...positions].sort((one, other) => one - other),
    );
  });

  it('adds a customer, writes, and answers at the desk', async () => {
    const opened = await open(busyWorld());
    const { page } = opened;
    await tabTo(page, 'Name');
    await page.keyboard.type('Esther');
    await page.keyboard.press('Enter');
    await expectCall(opened, 'POST', '/api/customers', { name: 'Esther', channel: 'FB' });
    await tabTo(page, 'Talk to an agent');
    await page.keyboard.press('Space');
    await expectCall(opened, 'POST', '/api/customers/customer-alice/say', { text: 'Talk to an agent' });
    await tabTo(page, 'Message from Bob');
    await page.keyboard.type('Hello?');
    await page.keyboard.press('Enter');
    await expectCall(opened, 'POST', '/api/customers/customer-bob/say', { text: 'Hello?' });
    assert.equal((await stopAt(page)).words, 'Message from Bob', 'the next message can be written at once');
    await tabTo(page, 'Pick up Chloé');
    await page.keyboard.press('Enter');
    await expectCall(opened, 'POST', '/api/desk/AGENT-chloe/pick-up', { agent: 'Ava' });
    await tabTo(page, 'Answer to Bob');
    await page.keyboard.type('Yes?');
    await page.keyboard.press('Enter');
    await expectCall(opened, 'POST', '/api/desk/AGENT-bob/say', { text: 'Yes?' });
  });

  it('moves on the wire by the arrow keys, unfolds, and leaves by Tab', async () => {
    const { page } = await open(busyWorld());
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-entry'));
    await page.locator('[data-entry="wire-7"]').focus();
    await page.keyboard.press('ArrowUp');
    assert.equal(await focused(), 'wire-6');
    await page.keyboard.press('Home');
    assert.equal(await focused(), 'wire-0');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 'wire-1');
    await page.keyboard.press('Enter');
    await page.locator('#wire-wire-1-details').getByRole('button', { name: 'Resend' }).waitFor();
    await page.keyboard.press('Tab');
    assert.match((await stopAt(page)).words, /^Copy as curl/);
    await page.keyboard.press('Shift+Tab');
    assert.equal(await focused(), 'wire-1', 'the wire is one stop, where the user was');
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    assert.equal(await focused(), 'wire-7');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), null, 'one Tab leaves the wire');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Home');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), null, 'from its first entry too');
  });

  for (const { opener, key } of [
    { opener: 'Faults', key: 'Enter' },
    { opener: 'Violations', key: 'Space' },
    { opener: 'Edit…', key: 'Enter' },
  ]) {
    it(`keeps the focus in the dialog that “${opener}” opens, and gives it back`, async () => {
      const { page } = await open(busyWorld());
      await tabTo(page, opener);
      await page.keyboard.press(key);
      await page.getByRole('dialog').waitFor();
      assert.equal((await stopAt(page)).isInDialog, true);
      const outside: string[] = [];
      for (let presses = 0; presses < 30; presses++) {
        await page.keyboard.press('Tab');
        const stop = await stopAt(page);
        const isOnPage = await page.evaluate(() => document.activeElement !== document.body);
        if (isOnPage && !stop.isInDialog) outside.push(stop.words);
      }
      assert.deepEqual(outside, [], 'only the browser’s own controls are outside');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      assert.ok((await stopAt(page)).words.startsWith(opener), 'the focus is back');
    });
  }

  it('gives the focus back when a dialog is closed by its button, and can open it again', async () => {
    const { page } = await open(aWorld({ customers: [aCustomer('Alice')] }));
    const opener = page.getByRole('button', { name: 'Faults' });
    for (let round = 0; round < 2; round++) {
      await opener.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Close: Faults' }).press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      assert.equal(await opener.evaluate((node) => node === document.activeElement), true);
    }
  });

  it('moves between the tabs of a phone by the arrow keys', async () => {
    const { page } = await open(busyWorld(), { viewport: PHONE });
    await page.getByRole('tab', { name: 'Customers' }).focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.getByRole('tab', { name: 'Wire' }).getAttribute('aria-selected'), 'true');
    assert.equal(await page.getByRole('tabpanel', { name: 'Wire' }).isVisible(), true);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await page.getByRole('tab', { name: 'Desk' }).getAttribute('aria-selected'), 'true');
  });
});
