/// <reference lib="dom" />
import { strict as assert } from 'node:assert';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import type { World } from '../../../src/world';
import { FakeEmulator } from './fakeEmulator';

export const LAPTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Of the packaged arguments: one process dies with its first window, and the tests want the web's own security. */
const UNWANTED = [
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
];

/** A real Chromium that needs nothing installed. */
export async function launchBrowser(): Promise<Browser> {
  const { default: packaged } = await import('@sparticuz/chromium');
  packaged.setGraphicsMode = false;
  return chromium.launch({
    args: packaged.args.filter(
      (argument) => !UNWANTED.includes(argument) && !argument.startsWith('--headless'),
    ),
    executablePath: await packaged.executablePath(),
    headless: true,
  });
}

/** The page in a browser, its fake emulator, and what must not happen in any test. */
export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly emulator: FakeEmulator;
  /** Requests to anybody but the emulator; each was blocked. */
  readonly foreignRequests: readonly string[];
  /** Errors of the console and of scripts. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** Opens the page and waits until it shows the world. */
export async function openPage(
  browser: Browser,
  world: World,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const emulator = await FakeEmulator.listen(world);
  const origin = emulator.url;
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
  return {
    page,
    context,
    emulator,
    foreignRequests,
    errors,
    async close() {
      await context.close();
      await emulator.stop();
    },
  };
}

/** One browser for all tests of a file, and a page for each that is closed after it. */
export function useBrowser(): (world: World, options?: BrowserContextOptions) => Promise<OpenPage> {
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
