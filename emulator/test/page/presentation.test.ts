import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { PHONE, useBrowser } from './support/browser';
import { aCustomer, aMessage, anIntegration, aWorld, busyWorld } from './support/worlds';

const groundOf = (page: Page): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor);

/** By how many pixels the page is wider or higher than its window. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
    return Math.max(scrollWidth - clientWidth, scrollHeight - clientHeight);
  });

describe('page: presentation', () => {
  const open = useBrowser();

  it('has three columns on a laptop, all in view', async () => {
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 1280, height: 800 },
      { width: 1024, height: 700 },
    ]) {
      const { page, close } = await open(busyWorld(), { viewport });
      const boxes = await Promise.all(
        ['Customers', 'The wire', 'Agent’s desk'].map((name) =>
          page.getByRole('region', { name, exact: true }).boundingBox(),
        ),
      );
      const [left, middle, right] = boxes.map((box) => box ?? assert.fail('a column is not shown'));
      assert.ok(left !== undefined && middle !== undefined && right !== undefined, 'three columns');
      assert.ok(left.x < middle.x && middle.x < right.x, 'customers, wire, desk');
      assert.ok(right.x + right.width <= viewport.width + 1, 'nothing is cut off');
      assert.equal(await page.getByRole('tablist').count(), 0);
      assert.equal(await overflow(page), 0);
      await close();
    }
  });

  it('has room on a laptop for two customers who are offered choices, and for two open conversations', async () => {
    const world = busyWorld();
    const [alice, bob] = world.customers;
    const [queued, open1] = world.desk;
    assert.ok(
      alice !== undefined && bob !== undefined && queued !== undefined && open1 !== undefined,
      'busy',
    );
    const suggestions = ['Order status', 'Opening hours', 'Talk to an agent'];
    const { page } = await open(
      aWorld({
        ...world,
        integration: anIntegration({ name: 'Bot', consecutiveFailures: 2 }),
        customers: [
          { ...alice, suggestions },
          { ...bob, suggestions },
        ],
        desk: [open1, { ...open1, id: 'AGENT-2', customerName: 'Alice' }],
      }),
      { viewport: { width: 1280, height: 800 } },
    );
    for (const label of ['Message from Alice', 'Message from Bob', 'Answer to Bob', 'Answer to Alice']) {
      const box = (await page.getByLabel(label).boundingBox()) ?? assert.fail(`${label} is not shown`);
      assert.ok(box.y + box.height <= 800, `${label} is in view`);
    }
    for (const place of ['Customers', 'Agent’s desk']) {
      const cards = page.getByRole('region', { name: place, exact: true }).locator('.cards');
      assert.equal(await cards.evaluate((node) => node.scrollHeight - node.clientHeight), 0, place);
    }
  });

  it('has one column with tabs on a phone, and counts who waits in the tab', async () => {
    const { page } = await open(busyWorld(), { viewport: PHONE, isMobile: true, hasTouch: true });
    await page.getByRole('tab', { name: 'Desk 1 waiting' }).waitFor();
    for (const [tab, inside] of [
      ['Customers', 'Message from Alice'],
      ['Wire', 'Only with problems'],
      ['Desk', 'You are the agent'],
    ] as const) {
      await page.getByRole('tab', { name: tab }).tap();
      await page.getByLabel(inside).waitFor();
      assert.equal(await page.getByRole('tabpanel').count(), 1, tab);
      assert.equal(await overflow(page), 0, tab);
    }
    assert.equal(await page.getByRole('region', { name: 'Clock' }).count(), 0);
    await page.getByRole('button', { name: 'Controls' }).tap();
    await page.getByRole('region', { name: 'Clock' }).waitFor();
    assert.equal(await overflow(page), 0);
    await page.getByRole('button', { name: 'Violations' }).tap();
    await page.getByRole('dialog').waitFor();
    await page.getByRole('button', { name: 'Show on the wire' }).first().tap();
    await page.locator('[data-entry="wire-2"]:focus').waitFor();
  });

  it('breaks long words instead of running out of the window', async () => {
    const long = 'x'.repeat(400);
    const world = aWorld({
      customers: [aCustomer(long, { chat: [aMessage('a', long)], suggestions: [long] })],
    });
    const { page } = await open(world, { viewport: PHONE });
    assert.equal(await overflow(page), 0);
    const hidden = await page.getByRole('log').evaluate((log) => log.scrollWidth - log.clientWidth);
    assert.equal(hidden, 0, 'the chat need not be scrolled sideways');
  });

  it('is light or dark as the system is, or as the switch says, and remembers it', async () => {
    const { page } = await open(aWorld(), { colorScheme: 'light' });
    const light = await groundOf(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await groundOf(page);
    assert.notEqual(light, dark);
    await page.getByLabel('Theme').selectOption('light');
    assert.equal(await groundOf(page), light);
    await page.reload();
    await page.getByLabel('Theme').waitFor();
    assert.equal(await groundOf(page), light);
    await page.getByLabel('Theme').selectOption('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    assert.equal(await groundOf(page), dark);
  });

  it('works without a network: asks nobody but its own server, and may not', async () => {
    const { page, foreignRequests, errors } = await open(busyWorld());
    for (const name of ['Faults', 'Violations', 'Edit…']) {
      await page.getByRole('button', { name }).click();
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
    }
    for (const row of await page.locator('.wire-row').all()) await row.click();
    assert.deepEqual(foreignRequests, []);
    assert.deepEqual(errors, []);

    const refused = await page.evaluate(async () => {
      const violation = new Promise<string>((resolve) =>
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
          once: true,
        }),
      );
      await fetch('https://example.com/').catch(() => undefined);
      return violation;
    });
    assert.equal(refused, 'connect-src');
    assert.deepEqual(foreignRequests, []);
  });

  it('names the hash of its import map in its policy', () => {
    const page = readFileSync(join(__dirname, '..', '..', 'page', 'index.html'), 'utf8');
    const map = /<script type="importmap">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(map).digest('base64');
    assert.ok(page.includes(`'sha256-${hash}'`), `the policy should name sha256-${hash}`);
  });
});
