import { SqliteStore } from '../../../src/sqlite';
import { describeStoreContract } from '../storeContract';
import { temporaryFiles } from './support/temporaryFolder';

describeStoreContract('SqliteStore in memory', async () => new SqliteStore(':memory:'));

describe('On a disk', () => {
  const file = temporaryFiles();
  // Fewer runs: each of them opens a file and waits for its fsyncs.
  describeStoreContract('SqliteStore', async () => new SqliteStore(file()), { runs: 5 });
});
