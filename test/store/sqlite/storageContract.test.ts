import { SqliteStore } from '../../../src/sqlite';
import { describeStorageContract, describeTranscriptContract } from '../storageContract';

const make = async () => new SqliteStore(':memory:');

describeStorageContract('SqliteStore', make);
describeTranscriptContract('SqliteStore', make);
