import { join } from 'node:path';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import type { Block } from './support/markdown';
import { ROOT, readPage } from './support/pages';
import { runSuite } from './support/programs';

const PACKAGE = 'botbuilder-adapter-webex-connect';

const ECHO = `import { EchoBot } from '${join(ROOT, 'samples', 'echo', 'echoBot')}';
const bot = new EchoBot();`;

const SERVICE_DESK = `import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { ConversationState, MemoryStorage, UserState } from 'botbuilder';
import { AgentMirrorMiddleware, ConversationTracker, HandoverMiddleware, WebexConnectAdapter } from '${PACKAGE}';
import { ContactCentreBot } from '${join(ROOT, 'samples', 'contact-centre', 'contactCentreBot')}';
const storage = new MemoryStorage();
const bot = new ContactCentreBot(new ConversationState(storage), new UserState(storage));`;

/** What `docs/emulator.md` calls `startMyBot`. */
const START_MY_BOT = `
async function startMyBot({ webhookUrl, token }: { webhookUrl: string; token: string }) {
  const adapter = new WebexConnectAdapter({ webhookUrl, verification: { token } });
  adapter.use(new ConversationTracker(), new HandoverMiddleware(), new AgentMirrorMiddleware());
  await adapter.start((context) => bot.run(context));
  createServer((req, res) => adapter.process(req, res, (context) => bot.run(context))).listen(3978);
  return { url: 'http://localhost:3978/' };
}`;

const RETRY_GIVEN = `import assert from 'node:assert/strict';
import { WebexConnectAdapter } from '${PACKAGE}';
import { incomingMessage, ManualClock, mockWebexConnect } from '${PACKAGE}/testing';
${ECHO}
const webex = mockWebexConnect();
const logic = (context: Parameters<typeof bot.run>[0]) => bot.run(context);`;

const RETRY_END = `it('is sent again', () => {
  assert.deepEqual(webex.requests.map(({ outcome }) => outcome), ['failed', 'accepted']);
  assert.deepEqual(webex.texts, ['Echo: hi']);
});`;

describe('The tests that the docs show', function () {
  this.timeout(60_000);
  const temporaryFile = temporaryFiles();
  const run = (block: Block, given: string, end?: string) =>
    runSuite(block, temporaryFile('shown.ts'), given, end);

  it('of a bot with the mock pass', () => run(blockWith('docs/testing.md', 'answers a customer'), ECHO));

  it('of retries without waiting pass', () =>
    run(blockWith('docs/testing.md', 'clock.advance'), RETRY_GIVEN, RETRY_END));

  it('of a bot with the emulator pass', () =>
    run(blockWith('docs/testing.md', 'hands over and takes back'), SERVICE_DESK));

  it('of any bot with the emulator pass', () =>
    run(blockWith('docs/emulator.md', 'hands over and takes back'), `${SERVICE_DESK}${START_MY_BOT}`));
});

function blockWith(path: string, text: string): Block {
  const block = readPage(path).blocks.find(({ code }) => code.includes(text));
  if (block === undefined) throw new Error(`${path} shows nothing with '${text}'.`);
  return block;
}
