import { MemoryStorage, type Storage } from 'botbuilder';
import { type DeliveryStore, MemoryStore } from 'botbuilder-adapter-webex-connect';
import { PostgresStore } from 'botbuilder-adapter-webex-connect/postgres';
import { SqliteStore } from 'botbuilder-adapter-webex-connect/sqlite';
import { readPort } from './readPort';

/** What a sample is told by its environment: the same names in every sample. */
export interface SampleEnvironment {
  /** `PORT`, 3978 by default. */
  readonly port: number;
  /** `WEBEX_CONNECT_WEBHOOK_URL`. Without it the sample plays Webex Connect itself and prints the replies. */
  readonly webhookUrl: string | undefined;
  /** `WEBEX_CONNECT_VERIFICATION_TOKEN`. */
  readonly verificationToken: string | undefined;
  /** `WEBEX_CONNECT_ACCESS_TOKEN`, for the platform IMI BOT. */
  readonly accessToken: string | undefined;
  /** `WEBEX_CONNECT_STORE`, `memory:` by default. */
  readonly store: DeliveryStore;
  /** For the bot's own state: the same store, as botbuilder's `Storage`. */
  readonly storage: Storage;
}

/** Reads the environment; an empty variable counts as absent. */
export function readEnvironment(env: NodeJS.ProcessEnv): SampleEnvironment {
  return {
    port: readPort('PORT', env.PORT || '3978'),
    webhookUrl: env.WEBEX_CONNECT_WEBHOOK_URL || undefined,
    verificationToken: env.WEBEX_CONNECT_VERIFICATION_TOKEN || undefined,
    accessToken: env.WEBEX_CONNECT_ACCESS_TOKEN || undefined,
    ...openStore(env.WEBEX_CONNECT_STORE || 'memory:'),
  };
}

function openStore(location: string): Pick<SampleEnvironment, 'store' | 'storage'> {
  if (location === 'memory:') return { store: new MemoryStore(), storage: new MemoryStorage() };
  const store = openDurableStore(location);
  return { store, storage: store };
}

function openDurableStore(location: string): SqliteStore | PostgresStore {
  if (location.startsWith('sqlite:')) return new SqliteStore(location.slice('sqlite:'.length));
  if (/^postgres(ql)?:\/\//.test(location)) return new PostgresStore(location);
  throw new Error("WEBEX_CONNECT_STORE must be 'memory:', 'sqlite:<path>' or 'postgres://…'.");
}
