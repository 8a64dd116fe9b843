import type { BrowserContext, Locator, Page } from '../../../emulator/test/page/support/launchBrowser';

/** Chromium is slow on a busy machine: what is waited for comes, or never does. */
const PATIENCE_MS = 60_000;

/** The emulator's page, as somebody uses it who sees it and presses what is there. */
export class EmulatorPage {
  readonly page: Page;
  readonly desk: Locator;
  readonly wire: Locator;
  /** Errors of scripts and of the console. */
  readonly errors: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    // Regions on a laptop, panels of tabs on a phone.
    this.desk = page.locator('#panel-desk');
    this.wire = page.locator('#panel-wire');
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  /** Opens it, and waits until it shows something. */
  static async open(context: BrowserContext, url: string): Promise<EmulatorPage> {
    context.setDefaultTimeout(PATIENCE_MS);
    const opened = new EmulatorPage(await context.newPage());
    await opened.page.goto(url);
    await opened.page.getByRole('heading', { name: 'Customers' }).waitFor();
    return opened;
  }

  customer(name: string): Locator {
    return this.page.locator(`[data-customer="${name}"]`);
  }

  /** The conversation of a customer at the desk that is queued or open. */
  conversation(name: string): Locator {
    return this.desk.getByRole('article', { name, exact: true });
  }

  async addCustomer(name: string, channel: string): Promise<void> {
    await this.page.getByLabel('Name').fill(name);
    await this.page.getByLabel('Channel').selectOption({ label: channel });
    await this.page.getByRole('button', { name: 'Add customer' }).click();
    await this.customer(name).waitFor();
  }

  async say(name: string, text: string): Promise<void> {
    await this.customer(name).getByLabel(`Message from ${name}`).fill(text);
    await this.customer(name).getByRole('button', { name: 'Send', exact: true }).click();
  }

  /** Waits until the customer sees a message of somebody. */
  async sees(name: string, author: string, text: string): Promise<void> {
    await bubbleIn(this.customer(name), author, text).waitFor();
  }

  async pickUp(name: string): Promise<void> {
    await this.desk.getByRole('button', { name: `Pick up ${name}` }).click();
    await this.conversation(name).getByText('served by').waitFor();
  }

  async answer(name: string, text: string): Promise<void> {
    await this.conversation(name).getByLabel(`Answer to ${name}`).fill(text);
    await this.conversation(name).getByRole('button', { name: 'Answer' }).click();
  }

  /** Waits until the agent sees a message of somebody. */
  async agentSees(name: string, author: string, text: string): Promise<void> {
    await bubbleIn(this.conversation(name), author, text).waitFor();
  }

  async transfer(name: string, agent: string): Promise<void> {
    const conversation = this.conversation(name);
    await conversation.getByText('Transfer').first().click();
    await conversation.getByLabel('To the agent').fill(agent);
    await conversation.getByRole('button', { name: 'Transfer' }).click();
    await conversation.getByText(`served by ${agent}`).waitFor();
  }

  async close(name: string): Promise<void> {
    await this.desk.getByRole('button', { name: `Close the conversation with ${name}` }).click();
    await this.customer(name).getByText('with the bot').waitFor();
  }
}

function bubbleIn(place: Locator, author: string, text: string): Locator {
  return place.locator('.bubble').filter({ hasText: author }).filter({ hasText: text });
}
