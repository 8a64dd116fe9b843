import assert from 'node:assert/strict';
import { withFigures } from '../../scripts/readmeFigures';
import { SampleProcess } from '../samples/support/sampleProcess';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { postTo } from '../support/botHost';
import { FakeWebhook } from '../support/fakeWebhook';
import { payload } from '../support/fixtures';
import { readPage } from './support/pages';
import { BotProgram } from './support/programs';

const readme = readPage('README.md');
const program = readme.blocks.find(({ code }) => code.includes('new WebexConnectAdapter'))?.code ?? '';
const message = payload('incoming-message');

describe('README.md', () => {
  it('shows the figures that were measured; `npm run docs:readme` writes them anew', () => {
    const [performance, reliability] = [readPage('docs/performance.md'), readPage('docs/reliability.md')];
    assert.equal(readme.text, withFigures(readme.text, performance, reliability));
    assert.match(readme.text, /lost 0, stored twice 0, reordered 0/);
  });

  it('adds the adapter to a bot in thirty lines', () => {
    assert.ok(program.split('\n').length <= 30);
  });

  it('shows what the echo sample prints', async function () {
    this.timeout(30_000);
    const shown = readme.blocks.find(({ language }) => language === 'text')?.code ?? '';
    const { eventid, conversation_id, message, Messagetype } = JSON.parse(shown.replace(/^[^{]*/, ''));
    const webhook = await FakeWebhook.listen();
    const sample = await SampleProcess.start('echo', { WEBEX_CONNECT_WEBHOOK_URL: webhook.url });
    await postTo(sample.url, payload('incoming-message'));
    await webhook.waitFor(1);
    const { Timestamp, ...sent } = webhook.received[0]?.body ?? {};
    await sample.stop();
    await webhook.close();
    assert.deepEqual(sent, { eventid, conversation_id, message, Messagetype });
    assert.match(Timestamp ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
    assert.match(shown, /"Timestamp":"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}"\}$/);
  });
});

describe("The README's thirty lines", function () {
  this.timeout(60_000);
  const temporaryFile = temporaryFiles();
  let webhook: FakeWebhook;
  let bot: BotProgram;

  before(async () => {
    webhook = await FakeWebhook.listen();
    bot = await BotProgram.start(program, temporaryFile('bot.ts'), {
      WEBEX_CONNECT_WEBHOOK_URL: webhook.url,
      WEBEX_CONNECT_VERIFICATION_TOKEN: 'my-token',
    });
  });

  after(async () => {
    bot.kill();
    await webhook.close();
  });

  const post = (body: object) => postTo(bot.url, body);

  it('answer Webex Connect with the token, and the customer', async () => {
    const answer = await post(message);
    assert.deepEqual(JSON.parse(answer.text), { verification_token: 'my-token' });
    await webhook.waitFor(1);
    assert.deepEqual(webhook.texts, ['You said: Where is my order?']);
  });

  it('run no event twice', async () => {
    assert.equal((await post(message)).status, 200);
    await post({ ...message, Messageid: 'MSG-2', Message: 'And now?' });
    await webhook.waitFor(2);
    assert.deepEqual(webhook.texts.slice(1), ['You said: And now?']);
  });

  it('hand over with what was said, are silent, and take back', async () => {
    await post({ ...message, Messageid: 'MSG-3', Message: 'An agent, please' });
    await webhook.waitFor(3);
    const { eventid, customparam1, customparam2 } = webhook.received[2]?.body ?? {};
    assert.deepEqual([eventid, customparam1], ['1002', '{"topic":"billing"}']);
    assert.match(customparam2 ?? '', /^customer: An agent, please$/m);
    assert.match(customparam2 ?? '', /^bot: You said: And now\?$/m);

    const agents = {
      ...message,
      Conversationid: 'AGENT-1',
      ConversationType: 'AGENT',
      BotConversationid: message.Conversationid,
    };
    await post({
      ...agents,
      Messageid: 'MSG-4',
      Event: 'Agent message',
      Message: 'Hello, Kim here',
      Timestamp: stampOf(1),
    });
    await post({ ...message, Messageid: 'MSG-5', Message: 'Thanks', Timestamp: stampOf(2) });
    await webhook.waitFor(5);
    assert.deepEqual(webhook.texts.slice(3), ['The bot is back.', 'You said: Thanks']);
  });

  it('end in good order', async () => {
    assert.deepEqual(await bot.stop(), [0, null]);
  });
});

/** The platform's stamp of so many seconds from now. */
function stampOf(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString().replace('T', ' ').slice(0, 22);
}
