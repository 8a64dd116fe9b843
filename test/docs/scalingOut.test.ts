import assert from 'node:assert/strict';
import type { TurnContext } from 'botbuilder';
import { z } from 'zod';
import { healthRoutes, WebexConnectAdapter } from '../../src';
import { PostgresStore } from '../../src/postgres';
import { readPostgresStoreOptions } from '../../src/store/postgres/postgresStoreOptions';
import { incomingMessage } from '../../src/testing';
import { type BotAnswer, postTo } from '../support/botHost';
import { FakeWebhook } from '../support/fakeWebhook';
import { type LoopbackServer, serveHttp } from '../support/loopbackServer';
import { query, startPostgres } from '../support/postgresServer';
import { newSchema } from '../support/postgresStores';
import { present } from '../support/present';
import { readPage } from './support/pages';
import { readPromql } from './support/promql';

const page = readPage('docs/scaling-out.md');
const MAX_CONNECTIONS = 3;

const sessionsShape = z.array(z.object({ application_name: z.string(), count: z.coerce.number() }));

interface Replica {
  readonly adapter: WebexConnectAdapter;
  readonly server: LoopbackServer;
  post(text: string): Promise<BotAnswer>;
  ready(): Promise<number>;
}

describe('docs/scaling-out.md', function () {
  this.timeout(60_000);
  // A database of its own, so that its sessions can be told from those of other suites.
  const database = newSchema();
  let webhook: FakeWebhook;
  let replicas: Replica[];

  before(async () => {
    await query(`CREATE DATABASE ${database}`);
    webhook = await FakeWebhook.listen();
    replicas = [await startReplica(), await startReplica()];
  });

  after(async () => {
    await Promise.all(replicas.map(({ adapter }) => adapter.stop()));
    await Promise.all(replicas.map(({ server }) => server.close()));
    await webhook.close();
  });

  async function startReplica(): Promise<Replica> {
    const connectionString = (await startPostgres()).replace(/\/[^/]*$/, `/${database}`);
    const store = new PostgresStore({ connectionString, maxConnections: MAX_CONNECTIONS });
    const adapter = new WebexConnectAdapter({ webhookUrl: webhook.url, store });
    const logic = async (context: TurnContext) => {
      await context.sendActivity(`Echo: ${context.activity.text}`);
    };
    await adapter.start(logic);
    const health = healthRoutes(adapter);
    const server = await serveHttp((request, response) => {
      if (!health.handle(request, response)) void adapter.process(request, response, logic);
    });
    return {
      adapter,
      server,
      post: (text) => postTo(server.url, incomingMessage({ text, messageId: `MSG-${text}` })),
      ready: async () => (await fetch(new URL('/health/ready', server.url))).status,
    };
  }

  const replicaAt = (index: number): Replica => present(replicas[index % replicas.length]);

  it('needs no stickiness: one conversation, by turns on two replicas, in order and once', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => `${index}`);
    for (const [index, text] of texts.entries()) {
      assert.equal((await replicaAt(index).post(text)).status, 200);
    }
    // Each repeat comes to the other one.
    for (const [index, text] of texts.entries()) await replicaAt(index + 1).post(text);
    await webhook.waitFor(texts.length);
    await Promise.all(replicas.map(({ adapter }) => adapter.whenIdle()));
    assert.deepEqual(
      webhook.texts,
      texts.map((text) => `Echo: ${text}`),
    );
  });

  it('takes as many connections as it says, under load', async () => {
    const before = webhook.received.length;
    const texts = Array.from({ length: 100 }, (_, index) => `load ${index}`);
    await Promise.all(texts.map((text, index) => replicaAt(index).post(text)));
    await webhook.waitFor(before + texts.length);
    const shown = page.blocks.find(({ language }) => language === 'sql')?.code ?? '';
    const sessions = sessionsShape.parse(
      await query(shown.replace('WHERE', `WHERE datname = '${database}' AND`)),
    );
    const listeners = sessions.filter(({ application_name }) => application_name.includes(`${process.pid}@`));
    assert.equal(sum(listeners), replicas.length);
    const inPools = sum(sessions) - sum(listeners);
    assert.ok(inPools <= replicas.length * MAX_CONNECTIONS, `${inPools} connections`);
  });

  it('lets one stop while the other goes on', async () => {
    const [leaving, staying] = [replicaAt(0), replicaAt(1)];
    const before = webhook.received.length;
    assert.equal((await leaving.post('last words')).status, 200);
    await leaving.adapter.stop();
    assert.equal(await leaving.ready(), 503);
    assert.equal((await leaving.post('too late')).status, 503);
    assert.equal((await staying.post('too late')).status, 200);
    await webhook.waitFor(before + 2);
    assert.deepEqual(webhook.texts.slice(before), ['Echo: last words', 'Echo: too late']);
    assert.equal(await staying.ready(), 200);
  });

  it('watches metrics that there are', async () => {
    const served = await replicaAt(1).adapter.metrics();
    const queries = page.blocks.find(({ language }) => language === 'promql')?.code.split('\n') ?? [];
    const metrics = queries.flatMap((one) => readPromql(one).metrics);
    assert.ok(metrics.length >= 4);
    for (const metric of metrics) assert.ok(served.includes(`\n${metric}`), metric);
  });

  it('tells the defaults as they are', () => {
    const { maxConnections } = readPostgresStoreOptions('postgres://localhost/bot');
    assert.ok(page.text.includes(`\`maxConnections\` (${maxConnections})`));
  });
});

function sum(sessions: z.output<typeof sessionsShape>): number {
  return sessions.reduce((total, { count }) => total + count, 0);
}
