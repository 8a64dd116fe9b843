import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withOutputs } from '../test/docs/support/consoleBlocks';
import { playCrashLoop } from '../test/operations/nights/support/crashLoop';
import { playDatabaseGone } from '../test/operations/nights/support/databaseGone';
import type { TypedCommand } from '../test/operations/nights/support/night';
import { playWebexConnectDown } from '../test/operations/nights/support/webexConnectDown';
import { stopPostgresServer } from '../test/support/postgresServer';

/** Writes what the commands have printed this night into its page; what is told around them is left as it is. */
async function write(file: string, typed: readonly TypedCommand[]): Promise<void> {
  const page = join(__dirname, '..', 'docs', 'nights', file);
  const left = [...typed];
  const written = await withOutputs(readFileSync(page, 'utf8'), async (line) => {
    const next = left.shift();
    if (next?.line !== line) throw new Error(`${file} shows '${line}', but typed was '${next?.line}'.`);
    return next.output;
  });
  if (left[0] !== undefined) throw new Error(`${file} does not show '${left[0].line}'.`);
  writeFileSync(page, written);
}

async function main(): Promise<void> {
  try {
    await write('webex-connect-down.md', (await playWebexConnectDown()).typed);
    await write('crash-loop.md', (await playCrashLoop()).typed);
    await write('database-gone.md', (await playDatabaseGone()).typed);
  } finally {
    await stopPostgresServer();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
