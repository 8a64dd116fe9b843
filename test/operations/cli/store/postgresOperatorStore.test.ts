import assert from 'node:assert/strict';
import { WebexConnectAdapter } from '../../../../src';
import { systemClock } from '../../../../src/clock';
import { openOperatorStore } from '../../../../src/operations/cli/store/openOperatorStore';
import type { OperatorStore } from '../../../../src/operations/cli/store/operatorStore';
import type { OperatorCommand } from '../../../../src/store/operatorCommands';
import { incomingMessage, type MockWebexConnect, mockWebexConnect } from '../../../../src/testing';
import { echo } from '../../../support/botHost';
import { startPostgres } from '../../../support/postgresServer';
import { makePostgresStore, newSchema } from '../../../support/postgresStores';
import { present } from '../../../support/present';
import { until } from '../support/until';

const terms = () => ({ waitMs: 15_000, signal: new AbortController().signal });

describe('Commands on a PostgreSQL schema', () => {
  let schema: string;
  let webex: MockWebexConnect;
  let operator: OperatorStore | undefined;
  const bots: WebexConnectAdapter[] = [];

  beforeEach(() => {
    schema = newSchema();
    webex = mockWebexConnect();
  });
  afterEach(async () => {
    await operator?.close();
    operator = undefined;
    for (const bot of bots.splice(0)) await bot.stop();
    webex.restore();
  });

  async function startBot(options: object = {}): Promise<WebexConnectAdapter> {
    const bot = new WebexConnectAdapter({
      webhookUrl: webex.webhookUrl,
      store: await makePostgresStore({ schema }),
      outbound: { retryDelaysMs: [60_000], probeAfterMs: 600_000 },
      ...options,
    });
    await bot.start(echo);
    bots.push(bot);
    return bot;
  }

  async function open(): Promise<OperatorStore> {
    const connectionString = await startPostgres();
    operator = await openOperatorStore({ kind: 'postgres', connectionString }, schema, systemClock);
    return operator;
  }

  async function say(bot: WebexConnectAdapter, text: string, conversationId: string): Promise<void> {
    await webex.send(bot, incomingMessage({ text, conversationId }), echo);
  }

  it('are carried out beside the bots, which send at once', async () => {
    const bot = await startBot();
    webex.failNext(1, 400);
    await say(bot, 'hi', 'C1');
    const store = await open();
    const { reading } = store.view;
    await until(async () => (await reading.stats()).deadLetters === 1);
    const [letter] = await reading.listDeadLetters({ limit: 1 });
    const outcomes = await store.carryOut([{ kind: 'replayDeadLetter', id: letter?.id ?? '' }], terms());
    assert.deepEqual(outcomes, [{ status: 'done' }]);
    await webex.waitForReplies(1);
  });

  it('that reactivate reach every replica, though each remembers the webhook’s health', async () => {
    const replicas = [await startBot(), await startBot()];
    webex.failNext(5, 500);
    for (const number of [1, 2, 3, 4, 5]) {
      await say(present(replicas[number % 2]), `${number}`, `C${number}`);
      await webex.waitForRequests(number);
    }
    const statuses = async () =>
      Promise.all(replicas.map(async (bot) => (await bot.health()).webhook.status));
    await until(async () => (await statuses()).every((status) => status === 'inactive'));
    const store = await open();
    assert.deepEqual(await store.carryOut([{ kind: 'reactivate', destination: 'webhook' }], terms()), [
      { status: 'done' },
    ]);
    await webex.waitForReplies(5);
    await until(async () => (await statuses()).every((status) => status === 'active'));
  });

  it('that take a bot’s options wait for a bot', async () => {
    const isEcho = () => {
      throw new Error('a bug');
    };
    const broken = await startBot({ translation: { isEcho } });
    await say(broken, 'hi', 'C1');
    const [item] = await broken.quarantine.list();
    assert.equal(item?.kind, 'request');
    await broken.stop();
    const command: OperatorCommand = { kind: 'replayQuarantined', id: item?.id ?? '' };
    const store = await open();
    assert.deepEqual(await store.carryOut([command], terms()), [{ status: 'noBot' }]);
    await startBot();
    await until(async () => (await store.view.users()).length === 1);
    assert.deepEqual(await store.carryOut([command], terms()), [{ status: 'done' }]);
    await webex.waitForReplies(1);
  });
});
