import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { StoreSchemaError, StoreUnavailableError } from '../../../src/errors';
import { SqliteStore } from '../../../src/sqlite';
import { openDriver } from '../../../src/store/sqlite/driver/openDriver';
import type { SqliteDriver } from '../../../src/store/sqlite/driver/sqliteDriver';
import { SCHEMA_VERSION } from '../../../src/store/sqlite/migrations/migrate';
import { SqliteOnlooker } from '../../../src/store/sqlite/onlooker';
import { botRecord, know, transcriptEntry } from '../../support/conversationSamples';
import { present } from '../../support/present';
import { signal } from '../../support/signal';
import { acceptAt, newEvent, T0 } from '../../support/storeSamples';
import { acceptAll, bury, quarantineEvent } from '../../support/storeSteps';
import { temporaryFiles } from './support/temporaryFolder';

const PING = { kind: 'ping' } as const;
const SOON = { now: T0, expiresAfterMs: 60_000 };

describe('An onlooker of a SQLite database', () => {
  const file = temporaryFiles();
  let path: string;
  let owner: SqliteStore;
  let onlooker: SqliteOnlooker;
  let driver: SqliteDriver | undefined;

  beforeEach(async () => {
    path = file();
    owner = new SqliteStore(path);
    await owner.open();
    onlooker = new SqliteOnlooker(path, (at) => {
      const opened = openDriver(at);
      if (at === path) driver = opened;
      return opened;
    });
  });
  afterEach(async () => {
    await onlooker.close();
    await owner.close();
  });

  it('reads all that there is, as it is now', async () => {
    const { reading } = onlooker;
    assert.equal((await reading.stats()).deadLetters, 0);
    await bury(owner, 'c', 'letter');
    await quarantineEvent(owner, 'c', 'item');
    await know(owner, botRecord('c'));
    await owner.updateHealth('webhook', () => ({ status: 'active', consecutiveFailures: 3 }));
    await acceptAll(owner, 'c', ['e1', 'e2']);
    await owner.accept(newEvent('d', 'e3'), acceptAt(T0, { transcript: transcriptEntry('d', 'a') }));

    assert.deepEqual(await reading.stats(), await owner.stats());
    assert.equal((await reading.stats()).waitingEvents, 3);
    const page = { limit: 10 };
    assert.deepEqual(await reading.listDeadLetters(page), await owner.listDeadLetters(page));
    assert.deepEqual(await reading.findDeadLetter('letter'), await owner.findDeadLetter('letter'));
    assert.deepEqual(await reading.listQuarantine(page), await owner.listQuarantine(page));
    assert.deepEqual(await reading.findQuarantined('item'), await owner.findQuarantined('item'));
    assert.deepEqual(await reading.findConversation('c'), botRecord('c'));
    assert.deepEqual(await reading.listConversations('bot', page), [botRecord('c')]);
    assert.equal((await reading.loadHealth('webhook')).consecutiveFailures, 3);
    assert.deepEqual(await reading.listDestinations(), ['webhook']);
    const { items } = await reading.transcripts.getTranscriptActivities('webexconnect', 'd');
    assert.deepEqual(
      items.map(({ id }) => id),
      ['a'],
    );

    await owner.discardDeadLetter('letter');
    await owner.updateHealth('webhook', () => ({ status: 'active', consecutiveFailures: 0 }));
    assert.equal((await reading.stats()).deadLetters, 0);
    assert.equal((await reading.loadHealth('webhook')).consecutiveFailures, 0);
  });

  it('can write nothing but commands: SQLite itself keeps it from it', async () => {
    const forbidden = () => present(driver).exec('DELETE FROM operator_commands; DELETE FROM owner');
    assert.throws(forbidden, /readonly/);
    await onlooker.requests.submit([{ id: 'c', command: PING }], SOON);
    assert.throws(forbidden, /readonly/);
    // The same id twice is refused, and leaves nothing behind.
    await assert.rejects(
      onlooker.requests.submit(
        [
          { id: 'd', command: PING },
          { id: 'c', command: PING },
        ],
        SOON,
      ),
    );
    assert.throws(forbidden, /readonly/);
    assert.deepEqual(
      (await owner.operatorCommands.take(10, T0)).map(({ id }) => id),
      ['c'],
    );
    const activity = { type: 'message', channelId: 'x', conversation: { id: 'c' } };
    await assert.rejects(async () => onlooker.reading.transcripts.logActivity(Object.assign(activity)));
  });

  it('is heard by the owner, who answers', async () => {
    const { operatorCommands } = owner;
    let heard = signal();
    const end = operatorCommands.attend(() => heard.give());
    for (const id of ['first', 'second']) {
      heard = signal();
      await onlooker.requests.submit([{ id, command: PING }], SOON);
      await heard.given;
      const [taken] = await operatorCommands.take(10, T0);
      assert.deepEqual(taken, { id, command: PING });
      await operatorCommands.answer(id, { status: 'done' });
      assert.deepEqual(await onlooker.requests.states([id]), [
        { status: 'answered', answer: { status: 'done' } },
      ]);
    }
    end();
  });

  it('is heard again as long as its command waits: the owner may have failed to take it', async () => {
    let calls = 0;
    const heardThrice = signal();
    const end = owner.operatorCommands.attend(() => {
      calls++;
      if (calls === 3) heardThrice.give();
    });
    await onlooker.requests.submit([{ id: 'c', command: PING }], SOON);
    await heardThrice.given;
    end();
  });

  it('finds no database where there is none, and makes none', () => {
    const missing = file();
    assert.throws(() => new SqliteOnlooker(missing), StoreUnavailableError);
    assert.equal(existsSync(missing), false);
  });

  it('makes no lock file', async () => {
    const other = file();
    const store = new SqliteStore(other);
    await store.write({ k: { n: 1 } });
    await store.close();
    const looker = new SqliteOnlooker(other);
    assert.deepEqual(await looker.users(), []);
    await looker.close();
    assert.equal(existsSync(`${other}-lock`), false);
  });

  it('says that a file is no database', () => {
    const text = file('bot.txt');
    writeFileSync(text, 'This is a text, and longer than the header of a database would be. '.repeat(20));
    assert.throws(() => new SqliteOnlooker(text), StoreUnavailableError);
  });

  for (const version of [SCHEMA_VERSION - 1, SCHEMA_VERSION + 1]) {
    it(`leaves a schema of version ${version > SCHEMA_VERSION ? 'tomorrow' : 'yesterday'} as it is`, async () => {
      const other = file();
      const store = new SqliteStore(other);
      await store.write({ k: { n: 1 } });
      await store.close();
      const direct = openDriver(other);
      direct.exec(`PRAGMA user_version = ${version}`);
      assert.throws(() => new SqliteOnlooker(other), StoreSchemaError);
      assert.equal(direct.prepare('PRAGMA user_version').get()?.user_version, version);
      direct.close();
    });
  }
});
