import assert from 'node:assert/strict';
import { ConversationState, type Storage, TestAdapter } from 'botbuilder';
import { present } from '../support/present';

export { describeTranscriptContract, type TranscriptsUnderTest } from './transcriptContract';

/** A store that keeps bot state, as `describeStorageContract` gets it. */
export interface StorageUnderTest extends Storage {
  close(): Promise<void>;
}

const GREETING = { text: 'hello', nested: { list: [1, 'two', null, { three: true }] } };

/**
 * What every store must do as botbuilder's `Storage`.
 *
 * @param make Makes an empty store; the suite closes it.
 */
export function describeStorageContract(name: string, make: () => Promise<StorageUnderTest>): void {
  describe(`${name} is a botbuilder Storage`, () => {
    let storage: StorageUnderTest;
    beforeEach(async () => {
      storage = await make();
    });
    afterEach(async () => {
      await storage.close();
    });

    async function eTagOf(key: string): Promise<string> {
      return present((await storage.read([key]))[key]).eTag;
    }

    it('leaves out what is not there', async () => {
      await storage.write({ known: { text: 'x' } });
      const items = await storage.read(['unknown', 'known']);
      assert.deepEqual(Object.keys(items), ['known']);
      assert.deepEqual(await storage.read([]), {});
    });

    it('gives back what was written, and an eTag', async () => {
      await storage.write({ greeting: GREETING });
      const { greeting } = await storage.read(['greeting']);
      const { eTag, ...document } = greeting;
      assert.deepEqual(document, GREETING);
      assert.ok(typeof eTag === 'string' && eTag !== '');
    });

    it('writes and reads several at once', async () => {
      const changes = Object.fromEntries(
        Array.from({ length: 30 }, (_, index) => [`key ${index}`, { index }]),
      );
      await storage.write(changes);
      const items = await storage.read(Object.keys(changes));
      assert.deepEqual(
        Object.entries(items).map(([key, { index }]) => [key, index]),
        Object.entries(changes).map(([key, { index }]) => [key, index]),
      );
    });

    it('takes any key', async () => {
      const keys = [
        '__proto__',
        'constructor',
        'webexconnect/conversations/çà😀',
        '\'"\\%_',
        'x'.repeat(1000),
      ];
      for (const key of keys) await storage.write(Object.fromEntries([[key, { key }]]));
      const items = await storage.read(keys);
      assert.deepEqual(
        Object.entries(items).map(([key, item]) => [key, item.key]),
        keys.map((key) => [key, key]),
      );
    });

    it('takes any text', async () => {
      const text = 'a\0b \ud83d\ude00 \ud800 "\\';
      await storage.write({ k: { text } });
      assert.equal((await storage.read(['k'])).k.text, text);
    });

    it('stores what a document is when it is written, whatever becomes of it', async () => {
      const document = { list: [1] };
      const writing = storage.write({ k: document });
      document.list.push(2);
      await writing;
      assert.deepEqual((await storage.read(['k'])).k.list, [1]);
      assert.deepEqual(document, { list: [1, 2] });
    });

    it('gives each write a new eTag', async () => {
      await storage.write({ k: { n: 1 } });
      const first = await eTagOf('k');
      await storage.write({ k: { n: 2, eTag: first } });
      assert.notEqual(await eTagOf('k'), first);
    });

    for (const [eTag, says] of [
      [undefined, 'no eTag'],
      ['', 'an empty eTag'],
      ['*', "the eTag '*'"],
    ]) {
      it(`overwrites with ${says}`, async () => {
        await storage.write({ k: { n: 1 } });
        await storage.write({ k: { n: 2 } });
        await storage.write({ k: { n: 3, eTag } });
        assert.equal((await storage.read(['k'])).k.n, 3);
        assert.notEqual(await eTagOf('k'), eTag);
      });
    }

    it('takes any eTag for what is not there', async () => {
      await storage.write({ a: { n: 1, eTag: '*' }, b: { n: 2, eTag: 'old' } });
      const { a, b } = await storage.read(['a', 'b']);
      assert.deepEqual([a.n, b.n], [1, 2]);
    });

    it('refuses to overwrite what was changed in between, and says which', async () => {
      await storage.write({ 'my key': { n: 1 } });
      const stale = await eTagOf('my key');
      await storage.write({ 'my key': { n: 2 } });
      await assert.rejects(storage.write({ 'my key': { n: 3, eTag: stale } }), /"my key".*eTag conflict/);
      assert.equal((await storage.read(['my key']))['my key'].n, 2);
    });

    it('writes none of several when one is in conflict', async () => {
      await storage.write({ b: { n: 1 } });
      const changes = { a: { n: 2 }, b: { n: 2, eTag: 'stale' }, c: { n: 2 } };
      await assert.rejects(storage.write(changes), /eTag conflict/);
      const items = await storage.read(['a', 'b', 'c']);
      assert.deepEqual(Object.keys(items), ['b']);
      assert.equal(items.b.n, 1);
    });

    it('lets one of several win who write from the same reading', async () => {
      await storage.write({ k: { n: 0 } });
      const eTag = await eTagOf('k');
      const writes = [1, 2, 3, 4].map((n) => storage.write({ k: { n, eTag } }));
      const outcomes = await Promise.allSettled(writes);
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    });

    it('never takes the eTag of a document that was deleted for that of a new one', async () => {
      await storage.write({ k: { n: 1 } });
      const stale = await eTagOf('k');
      await storage.delete(['k']);
      await storage.write({ k: { n: 2 } });
      await assert.rejects(storage.write({ k: { n: 3, eTag: stale } }), /eTag conflict/);
    });

    it('deletes', async () => {
      await storage.write({ a: { n: 1 }, b: { n: 2 }, c: { n: 3 } });
      await storage.delete(['a', 'c', 'unknown']);
      assert.deepEqual(Object.keys(await storage.read(['a', 'b', 'c'])), ['b']);
    });

    it('asks for keys, and for changes', async () => {
      await assert.rejects(Reflect.apply(storage.read, storage, [undefined]), ReferenceError);
      await assert.rejects(Reflect.apply(storage.write, storage, [undefined]), ReferenceError);
    });

    it('keeps the state of a conversation', async () => {
      const state = new ConversationState(storage);
      const count = state.createProperty<number>('count');
      const adapter = new TestAdapter(async (context) => {
        const next = (await count.get(context, 0)) + 1;
        await count.set(context, next);
        await state.saveChanges(context);
        await context.sendActivity(`turn ${next}`);
      });
      await adapter.test('a', 'turn 1').test('b', 'turn 2').startTest();
    });
  });
}
