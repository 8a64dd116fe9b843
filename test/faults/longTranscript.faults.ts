import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { DeliveryStore } from '../../src';
import { SqliteStore } from '../../src/sqlite';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { makePostgresStore, newSchema } from '../support/postgresStores';
import { Scene } from '../support/scene';

const MESSAGES = 10_000;
/** Requests of the platform that are under way at the same time. */
const AT_ONCE = 25;
/** What reading 10,000 entries one page after the other may leave behind; together they are more than 5 MB. */
const FLAT_BYTES = 2_000_000;

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

function usedBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function longTranscriptOn(title: string, makeStores: () => Promise<DeliveryStore[]>): void {
  it(`of ${MESSAGES} mirrored messages is complete, in order and read in pages, on ${title}`, async function () {
    this.timeout(180_000);
    // The bot says nothing and the test keeps nothing: what grows is the adapter's.
    const scene = await Scene.open({ stores: await makeStores(), logic: async () => {} });
    const { adapter } = scene;
    await scene.customer('agent');
    const start = Date.now() - MESSAGES * 10;
    const numbers = Array.from({ length: MESSAGES }, (_, number) => number);
    const isAgents = (number: number) => number % 3 > 0;
    const sendAll = async () => {
      for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
        const author = isAgents(number) ? 'agent' : 'customer';
        await scene.mirrored(`message ${number}`, { author, tiedTo: 'C1', timestamp: start + number * 10 });
        scene.seen.length = 0;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sendAll));
    await scene.settled();

    const before = usedBytes();
    let number = 0;
    for await (const { text, timestamp } of adapter.conversations.activities('C1')) {
      if (text === 'agent') continue;
      assert.equal(text, `message ${number}`);
      assert.equal(timestamp?.getTime(), Math.floor((start + number * 10) / 10) * 10);
      number++;
    }
    assert.equal(number, MESSAGES);
    const grown = usedBytes() - before;
    assert.ok(grown < FLAT_BYTES, `reading the transcript left ${grown} bytes behind`);

    const first = await adapter.conversations.transcriptPage('C1');
    const second = await adapter.conversations.transcriptPage('C1', first.continuationToken);
    assert.equal(first.lines.length, 20);
    assert.equal(second.lines[0]?.text, `message ${first.lines.length}`);
    const record = await adapter.conversations.get('C1');
    assert.equal(record?.agentConversations.length, 1);
    assert.ok(JSON.stringify(record).length < 5000, 'the record grows with every message');
    await scene.close();
  });
}

describe('A transcript', () => {
  const temporaryFile = temporaryFiles();
  longTranscriptOn('SQLite', async () => [new SqliteStore(temporaryFile())]);
  longTranscriptOn('PostgreSQL with two replicas', async () => {
    const schema = newSchema();
    return Promise.all([1, 2].map(() => makePostgresStore({ schema, maxConnections: 4 })));
  });
});
