import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives each test of a suite paths of its own, and removes them when the suite is done. */
export function temporaryFiles(): (name?: string) => string {
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  return (name = 'bot.db') => {
    const folder = mkdtempSync(join(tmpdir(), 'webex-connect-sqlite-'));
    folders.push(folder);
    return join(folder, name);
  };
}
