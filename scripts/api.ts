import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENTRY_POINTS } from './api/entryPoints';
import { extractApi } from './api/extractApi';

/** `api` writes the reports of what users import, `api --check` compares them with what was built. */
function main(temporary: string): number {
  const mode = process.argv.includes('--check') ? 'check' : 'write';
  const reports = join(__dirname, '..', 'api');
  mkdirSync(reports, { recursive: true });
  const faults = ENTRY_POINTS.flatMap((one) => extractApi(one, { reports, temporary }, mode));
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  return faults.length === 0 ? 0 : 1;
}

const temporary = mkdtempSync(join(tmpdir(), 'webex-connect-api-'));
try {
  process.exitCode = main(temporary);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
