import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs a program that needs a folder for as long as it runs, and ends the process with its status.
 *
 * @param program Resolves with the status; what it rejects with is told, and ends with 1.
 */
export function inTemporaryFolder(prefix: string, program: (folder: string) => Promise<number>): void {
  // macOS reaches its temporary folder through a link.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  program(folder)
    .finally(() => rmSync(folder, { recursive: true, force: true }))
    .then(
      (status) => {
        process.exitCode = status;
      },
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 1;
      },
    );
}
