import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A SQLite database for one session. */
export interface SessionStore {
  /** For `WEBEX_CONNECT_STORE`. */
  readonly location: string;
  remove(): void;
}

/**
 * The emulator forgets everything when it stops. A bot that remembered would send what waited from the session before to
 * conversations that nobody has, and start with violations; and two sessions at once would fight for one file.
 */
export function createSessionStore(): SessionStore {
  const folder = mkdtempSync(join(tmpdir(), 'webex-connect-start-'));
  return {
    location: `sqlite:${join(folder, 'contact-centre.db')}`,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
