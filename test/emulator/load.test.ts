import assert from 'node:assert/strict';
import type { Customer } from '../../emulator/src';
import { type DeliveryStore, MemoryStore } from '../../src';
import { SqliteStore } from '../../src/sqlite';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { echo } from '../support/botHost';
import { makePostgresStore } from '../support/postgresStores';
import { withEmulator } from './support/withEmulator';

const CUSTOMERS = 200;
const TEXTS = Array.from({ length: 20 }, (_, number) => `message ${number + 1}`);
/** Nobody loses patience, however busy the machine is. */
const PATIENT_MS = 600_000;

const PATIENT_EMULATOR = { seed: 19, answerWithinMs: PATIENT_MS, answerExpectedWithinMs: PATIENT_MS };
const PATIENT_BOT = { outbound: { timeoutMs: PATIENT_MS }, inbound: { answerWithinMs: 4500 } };

/** Does not wait for answers: what the bot is told while it answers has to keep its order. */
async function talkAndListen(customer: Customer): Promise<void> {
  for (const text of TEXTS) await customer.says(text);
  await customer.reads(`Echo: ${TEXTS.at(-1)}`, PATIENT_MS);
}

describe(`${CUSTOMERS} customers who each write ${TEXTS.length} messages`, function () {
  this.timeout(PATIENT_MS);
  const file = temporaryFiles();

  const stores: Readonly<Record<string, () => DeliveryStore | Promise<DeliveryStore>>> = {
    memory: () => new MemoryStore(),
    SQLite: () => new SqliteStore(file()),
    PostgreSQL: () => makePostgresStore({ maxConnections: 4 }),
  };
  for (const [name, makeStore] of Object.entries(stores)) {
    it(`are all answered, once and in order, on ${name}`, async () => {
      const store = await makeStore();
      const cast = { openStore: () => store, makeLogic: () => echo, options: PATIENT_BOT };
      await withEmulator(PATIENT_EMULATOR, cast, async (emulator, bot) => {
        assert.ok(await emulator.integration.verify(), 'the bot was not verified');
        const customers = Array.from({ length: CUSTOMERS }, (_, number) =>
          emulator.customer(`Customer ${number}`),
        );
        await Promise.all(customers.map(talkAndListen));
        await emulator.idle();
        await bot.whenIdle();
        for (const { name, chat } of customers) {
          const [said, heard] = ['customer', 'bot'].map((author) =>
            chat.filter((message) => message.author === author).map(({ text }) => text),
          );
          assert.deepEqual(said, TEXTS, name);
          assert.deepEqual(
            heard,
            TEXTS.map((text) => `Echo: ${text}`),
            name,
          );
        }
        assert.deepEqual(emulator.judge.settle(), []);
      });
    });
  }
});
