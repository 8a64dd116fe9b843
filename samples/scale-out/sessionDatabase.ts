import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

/** A PostgreSQL for one session. */
export interface SessionDatabase {
  /** For `WEBEX_CONNECT_STORE`. */
  readonly url: string;
  /** Stops it, and removes what it has stored. */
  remove(): Promise<void>;
}

const MESSAGE = z.tuple([z.object({ url: z.string() })]);

/**
 * Starts one that goes with this process, whatever ends it.
 *
 * Detached: Ctrl-C goes to all that runs in the terminal, and the replicas want to write down what they have done before
 * their database is gone.
 */
export async function startSessionDatabase(): Promise<SessionDatabase> {
  const host = fork(join(__dirname, 'postgresHost.ts'), {
    execArgv: ['--require', 'tsx/cjs'],
    detached: true,
  });
  const ended = once(host, 'exit');
  const failed = ended.then(() => {
    throw new Error('PostgreSQL could not be started; see above.');
  });
  const [{ url }] = MESSAGE.parse((await Promise.race([once(host, 'message'), failed])).slice(0, 1));
  return {
    url,
    async remove() {
      if (host.connected) host.disconnect();
      await ended;
    },
  };
}
