import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, launchBrowser } from '../emulator/test/page/support/launchBrowser';
import { EmulatorPage } from '../test/start/support/emulatorPage';
import { NpmStart } from '../test/start/support/npmStart';

const IMAGES = join(__dirname, '..', 'docs', 'images');
const LAPTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const STILL = { colorScheme: 'light', reducedMotion: 'reduce' } as const;

/** `npm run docs:screenshots`: the pictures of the docs, of the real thing with two customers, one with an agent. */
async function main(): Promise<void> {
  mkdirSync(IMAGES, { recursive: true });
  const directory = mkdtempSync(join(tmpdir(), 'webex-connect-screenshots-'));
  const app = new NpmStart(directory);
  const browser = await launchBrowser({ hasScrollbars: true });
  try {
    await app.up();
    await takePictures(browser, app.pageUrl);
    await app.pressCtrlC();
  } finally {
    await browser.close();
    await app.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function takePictures(browser: Browser, url: string): Promise<void> {
  const atTheDesk = await browser.newContext({ ...STILL, viewport: LAPTOP });
  const laptop = await EmulatorPage.open(atTheDesk, url);
  await chat(laptop);
  await take(laptop, 'emulator');
  await laptop.page.emulateMedia({ colorScheme: 'dark' });
  await take(laptop, 'emulator-dark');
  await laptop.page.emulateMedia({ colorScheme: 'light' });

  const inTheHand = await browser.newContext({ ...STILL, viewport: PHONE, isMobile: true, hasTouch: true });
  const phone = await EmulatorPage.open(inTheHand, url);
  await phone.page.getByRole('tab', { name: 'Desk' }).click();
  await phone.conversation('Bob').waitFor();
  await take(phone, 'emulator-phone');
  await inTheHand.close();

  await fail(laptop);
  await take(laptop, 'emulator-inactive');
}

/** Alice talks to the bot; Bob, whom it has handed over, to an agent. */
async function chat(open: EmulatorPage): Promise<void> {
  await open.addCustomer('Alice', 'Facebook');
  await open.addCustomer('Bob', 'WhatsApp');
  await open.say('Bob', 'Where is order 123456?');
  await open.sees('Bob', 'Bot', 'Is there anything else');
  await open.say('Bob', 'It is broken. I want to talk to a human!');
  await open.pickUp('Bob');
  await open.answer('Bob', 'Hello Bob, this is Ava. What is broken?');
  await open.sees('Bob', 'Ava', 'What is broken?');
  await open.say('Bob', 'The lid.');
  await open.agentSees('Bob', 'Bob', 'The lid.');
  await open.say('Alice', 'Hello');
  await open.sees('Alice', 'Bot', 'What can I do for you?');
  await open.conversation('Bob').getByText('What came with the handover').click();
}

/** The bot's endpoint is refused; Alice goes on, and an hour goes by. */
async function fail(open: EmulatorPage): Promise<void> {
  const { page } = open;
  await page.getByRole('button', { name: 'Faults' }).click();
  await page.getByLabel('Effect').selectOption('refuse');
  await page.getByRole('button', { name: 'Add fault' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Pause' }).click();
  await open.say('Alice', 'When are you open?');
  await open.wire.getByText('will be retried').waitFor();
  await page.getByRole('button', { name: 'Jump 1 hour' }).click();
  await page.getByText('✕ inactive').waitFor();
  await open.say('Alice', 'Are you still there?');
  await open.wire.locator('.chip').getByText('held back').waitFor();
}

async function take({ page }: EmulatorPage, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  // Nothing has the focus, and two frames let the page draw what it knows.
  await page.evaluate(
    '(async () => { document.activeElement?.blur(); for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame); })()',
  );
  await page.screenshot({ path: join(IMAGES, `${name}.png`) });
  console.log(`docs/images/${name}.png`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
