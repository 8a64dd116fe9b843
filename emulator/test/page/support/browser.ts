/// <reference lib="dom" />
import { strict as assert } from 'node:assert';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { ServedWorld } from '../../../src/world';
import { FakeEmulator } from './fakeEmulator';
import { launchBrowser } from './launchBrowser';

export const LAPTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** The page in a browser, and what must not happen in any test. */
export interface PageAt {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Requests to anybody but the emulator; each was blocked. */
  readonly foreignRequests: readonly string[];
  /** Errors of the console and of scripts. */
  readonly errors: readonly string[];
}

/** The page with its fake emulator. */
export interface OpenPage extends PageAt {
  readonly emulator: FakeEmulator;
  close(): Promise<void>;
}

/** Opens the page of a fake emulator and waits until it shows the world. */
export async function openPage(
  browser: Browser,
  world: ServedWorld,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const emulator = await FakeEmulator.listen(world);
  const opened = await openPageAt(browser, emulator.url, options);
  return {
    ...opened,
    emulator,
    async close() {
      await opened.context.close();
      await emulator.stop();
    },
  };
}

/** Opens the page of whatever emulator is there, and waits until it shows the world. */
export async function openPageAt(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<PageAt> {
  const { origin } = new URL(url);
  const context = await browser.newContext({
    viewport: LAPTOP,
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  const foreignRequests: string[] = [];
  await context.route(
    (url) => url.origin !== origin,
    (route) => {
      foreignRequests.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  // Functions that are handed to the page have been through esbuild, which names them with this.
  await page.addInitScript('globalThis.__name = (value) => value;');
  await page.goto(origin);
  await page.getByRole('heading', { name: 'Webex Connect emulator' }).waitFor();
  return { page, context, foreignRequests, errors };
}

/** One browser for all tests of a file, and a page for each that is closed after it. */
export function useBrowser(): (world: ServedWorld, options?: BrowserContextOptions) => Promise<OpenPage> {
  let browser: Browser | undefined;
  let opened: OpenPage | undefined;
  before(async function () {
    this.timeout(60_000);
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });
  after(async () => {
    await browser?.close();
  });
  return async (world, options) => {
    assert.ok(browser !== undefined, 'the browser is started before the tests');
    opened = await openPage(browser, world, options);
    return opened;
  };
}

/** Asserts the only call that the page has made so far, and forgets it. */
export async function expectCall(
  { page, emulator }: OpenPage,
  method: string,
  path: string,
  body?: unknown,
): Promise<void> {
  await until(page, () => emulator.calls.length > 0, `${method} ${path}`);
  assert.deepEqual(emulator.calls.splice(0), [{ method, path, body }]);
}

/** Waits for something that the page does to its server. */
export async function until(page: Page, isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let round = 0; !(await isSo()); round++) {
    assert.ok(round < 500, `waits for: ${what}`);
    // One frame of the page: as long as it draws, there is something to wait for.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}
