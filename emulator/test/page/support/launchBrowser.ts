import { type Browser, chromium } from 'playwright-core';

export type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

/** Of the packaged arguments: one process dies with its first window, and the tests want the web's own security. */
const UNWANTED = [
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
];

/**
 * A real Chromium that needs nothing installed.
 *
 * @param hasScrollbars Whether pictures of it show them; playwright hides them.
 */
export async function launchBrowser({ hasScrollbars = false } = {}): Promise<Browser> {
  const { default: packaged } = await import('@sparticuz/chromium');
  packaged.setGraphicsMode = false;
  return chromium.launch({
    args: packaged.args.filter(
      (argument) =>
        !UNWANTED.includes(argument) &&
        !argument.startsWith('--headless') &&
        !(hasScrollbars && argument === '--hide-scrollbars'),
    ),
    ...(hasScrollbars && { ignoreDefaultArgs: ['--hide-scrollbars'] }),
    executablePath: await packaged.executablePath(),
    headless: true,
  });
}
