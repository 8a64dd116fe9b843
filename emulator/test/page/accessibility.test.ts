import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from './support/accessibility';
import { type OpenPage, PHONE, useBrowser } from './support/browser';
import { aWorld, busyWorld } from './support/worlds';

/** States of the page that are looked at, in which everything is unfolded. */
const STATES: Readonly<Record<string, (opened: OpenPage) => Promise<void>>> = {
  'as it opens': async () => undefined,
  unfolded: ({ page }) => unfold(page),
  'with faults open': ({ page }) => page.getByRole('button', { name: 'Faults' }).click(),
  'with violations open': ({ page }) => page.getByRole('button', { name: 'Violations' }).click(),
  'with the integration open': ({ page }) => page.getByRole('button', { name: 'Edit…' }).click(),
  'inactive, and with a failed action': async ({ page, emulator }) => {
    const world = busyWorld();
    emulator.show({
      ...world,
      integration: { ...world.integration, status: 'inactive', consecutiveFailures: 5 },
    });
    emulator.answer('POST /api/clock/resume', 500, { error: 'Out of order.' });
    await page.getByText('✕ inactive').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Out of order.').waitFor();
  },
};

async function unfold(page: Page): Promise<void> {
  for (const row of await page.locator('.wire-row').all()) await row.click();
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
}

describe('page: accessibility', () => {
  const open = useBrowser();

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [state, enter] of Object.entries(STATES)) {
      it(`has names, structure and contrast (${colorScheme}, ${state})`, async () => {
        const opened = await open(busyWorld(), { colorScheme, reducedMotion: 'reduce' });
        await enter(opened);
        await opened.page.mouse.move(0, 0);
        assert.deepEqual(await accessibilityProblems(opened.page), []);
      });
    }

    it(`has them on a phone, in each tab (${colorScheme})`, async () => {
      const { page } = await open(busyWorld(), { colorScheme, reducedMotion: 'reduce', viewport: PHONE });
      await page.getByRole('button', { name: 'Controls' }).click();
      for (const tab of ['Customers', 'Wire', 'Desk']) {
        await page.getByRole('tab', { name: tab }).click();
        assert.deepEqual(await accessibilityProblems(page), [], tab);
      }
    });
  }

  it('would notice: the checks find what is spoilt on purpose', async () => {
    const { page } = await open(aWorld());
    await page.evaluate(() => {
      const spoilt = document.createElement('section');
      spoilt.innerHTML =
        '<h5>Deep</h5><button></button><label for="nobody">x</label><p class="note" id="app"></p><button tabindex="3">y</button>';
      document.querySelector('main')?.append(spoilt);
      document.documentElement.style.setProperty('--muted', '#999999');
      document.documentElement.style.setProperty('--control-line', '#eeeeee');
    });
    const problems = (await accessibilityProblems(page)).join('\n');
    for (const words of [
      /button has no name/,
      /id app is there twice/,
      /for names nothing/,
      /"Deep" skips a level/,
      /too small a target/,
      /order of focus/,
      /class="empty"> "Nothing was on the wire yet\.": 2\./,
      /border of <select class="">: 1\./,
    ]) {
      assert.match(problems, words);
    }
  });

  it('names its landmarks', async () => {
    const { page } = await open(busyWorld());
    await page.getByRole('banner').waitFor();
    const main = page.getByRole('main');
    for (const name of ['Customers', 'The wire', 'Agent’s desk'])
      await main.getByRole('region', { name, exact: true }).waitFor();
    assert.deepEqual(await page.getByRole('heading', { level: 2 }).allInnerTexts(), [
      'Customers',
      'The wire 8',
      'Agent’s desk',
    ]);
  });

  it('describes each assumption to a screen reader, and shows it on a press', async () => {
    const { page } = await open(busyWorld());
    const tags = await page.getByRole('button', { name: 'assumption' }).all();
    assert.ok(tags.length >= 5, 'there are several');
    for (const tag of tags) {
      const described = await tag.evaluate(
        (node) => document.getElementById(node.getAttribute('aria-describedby') ?? '')?.textContent,
      );
      assert.equal(described, await tag.getAttribute('title'));
      assert.ok((described ?? '').length > 20, 'the description says something');
    }
    await page
      .getByRole('region', { name: 'Clock' })
      .getByRole('button', { name: 'assumption' })
      .press('Enter');
    await page.locator('.popover:popover-open').getByText('at most four retries').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.popover:popover-open').waitFor({ state: 'detached' });
  });

  it('moves nothing for those who want no motion', async () => {
    const { page } = await open(aWorld(), { reducedMotion: 'reduce' });
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((node) => {
          const { transitionDuration, animationName } = getComputedStyle(node);
          return transitionDuration !== '0s' || animationName !== 'none';
        }).length,
    );
    assert.equal(moving, 0);
  });
});
