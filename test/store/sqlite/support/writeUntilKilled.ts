import { SqliteStore } from '../../../../src/sqlite';
import { acceptAt, claimBy, newEvent, newMessage, T0 } from '../../../support/storeSamples';

/** Stores events, and messages as being sent, and writes the id of each to stdout once it is stored. */
async function writeUntilKilled(path: string): Promise<void> {
  const store = new SqliteStore(path);
  await store.open();
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let serial = 0; ; serial++) {
      const id = `${writer}-${serial}`;
      await store.accept(newEvent(`c${id}`, `event-${id}`), acceptAt(T0, { maxBacklog: 1_000_000 }));
      process.stdout.write(`event-${id}\n`);
      const message = newMessage(`c${id}`, `message-${id}`);
      await store.stage([message], { turn: undefined, claim: claimBy('killed') });
      process.stdout.write(`message-${id}\n`);
    }
  });
  await Promise.all(writers);
}

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('Name the database.');
void writeUntilKilled(path);
