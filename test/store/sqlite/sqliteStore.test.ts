import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreClosedError, StoreUnavailableError, WebexConnectConfigurationError } from '../../../src/errors';
import { SqliteStore } from '../../../src/sqlite';
import { newMessage } from '../../support/storeSamples';
import { acceptAll, claimSend, claimTurn, deliver } from '../../support/storeSteps';
import { temporaryFiles } from './support/temporaryFolder';

describe('SqliteStore', () => {
  const file = temporaryFiles();

  it('touches nothing before it is used, and makes its folder then', async () => {
    const path = file('some/deep/folder/bot.db');
    const store = new SqliteStore({ path });
    assert.ok(!existsSync(dirname(path)));
    await store.open();
    assert.ok(existsSync(path));
    await store.close();
  });

  it('may be opened twice, and after it was closed', async () => {
    const store = new SqliteStore(file());
    await store.open();
    await store.open();
    await acceptAll(store, 'c', ['e']);
    await store.close();
    await store.open();
    assert.equal((await claimTurn(store)).event.id, 'e');
    await store.close();
  });

  it('leaves one file when it is closed, and the lock file that means nothing', async () => {
    const path = file();
    const store = new SqliteStore(path);
    await store.open();
    await acceptAll(store, 'c', ['e']);
    await store.close();
    const copy = new SqliteStore(path);
    await copy.open();
    assert.equal((await copy.stats()).waitingEvents, 1);
    await copy.close();
  });

  it('writes what was not awaited before it closes', async () => {
    const store = new SqliteStore(file());
    await store.open();
    const accepted = acceptAll(store, 'c', ['e']);
    await store.close();
    await accepted;
    await store.open();
    assert.equal((await store.stats()).waitingEvents, 1);
    await store.close();
  });

  it('opens by itself for bot state and transcripts, and for nothing else', async () => {
    const store = new SqliteStore(file());
    assert.deepEqual(await store.read(['k']), {});
    assert.deepEqual((await store.transcripts.listTranscripts('webexconnect')).items, []);
    await assert.rejects(store.stats(), StoreClosedError);
    await store.close();
    await assert.rejects(store.read(['k']), StoreClosedError);
    await assert.rejects(store.transcripts.listTranscripts('webexconnect'), StoreClosedError);
  });

  it('keeps bot state across a restart, its eTags too', async () => {
    const store = new SqliteStore(file());
    await store.write({ k: { n: 1 } });
    const { k: before } = await store.read(['k']);
    await store.close();
    await store.open();
    assert.deepEqual((await store.read(['k'])).k, before);
    await store.write({ k: { ...before, n: 2 } });
    await store.close();
  });

  it('finds an activity by the id that went out as Idempotency-Key, when the platform names none', async () => {
    const store = new SqliteStore(':memory:');
    await store.open();
    const part = newMessage('c', 'activity-2', { activityId: 'activity' });
    await store.stage([part], { turn: undefined, claim: undefined });
    await deliver(store, await claimSend(store));
    assert.equal(await store.findActivityId('c', 'activity-2'), 'activity');
    assert.equal(await store.findActivityId('other', 'activity-2'), undefined);
    await store.close();
  });

  it('refuses a token that no transcript has given out', async () => {
    const store = new SqliteStore(':memory:');
    for (const token of ['a1', 'bnVsbA', 'WzEsMl0']) {
      await assert.rejects(store.transcripts.getTranscriptActivities('webexconnect', 'c', token), TypeError);
    }
    await store.close();
  });

  const wrong: [title: string, options: unknown, path: string][] = [
    ['no path', {}, 'path'],
    ['an empty path', '', 'path'],
    ['an option that is none', { path: 'x', pathh: 'y' }, 'pathh'],
    ['a negative retention', { path: 'x', retentionMs: -1 }, 'retentionMs'],
  ];
  for (const [title, options, path] of wrong) {
    it(`refuses ${title} at construction, with the option's path`, () => {
      assert.throws(
        () => Reflect.construct(SqliteStore, [options]),
        (error) => error instanceof WebexConnectConfigurationError && error.path === path,
      );
    });
  }

  it('says so when its path cannot be a database', async () => {
    const folder = dirname(file());
    const store = new SqliteStore(folder);
    await assert.rejects(store.open(), StoreUnavailableError);
    await assert.rejects(store.open(), (error: StoreUnavailableError) => error.message.includes(folder));
  });
});
