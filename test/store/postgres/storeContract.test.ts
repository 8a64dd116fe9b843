import { recyclingStores } from '../../support/postgresStores';
import { describeStorageContract, describeTranscriptContract } from '../storageContract';
import { describeStoreContract } from '../storeContract';

// Fewer runs: each of them waits for its fsyncs.
describeStoreContract('PostgresStore', recyclingStores(), { runs: 10 });

describe('For the bot itself', () => {
  const make = recyclingStores({});
  describeStorageContract('PostgresStore', make);
  describeTranscriptContract('PostgresStore', make);
});
