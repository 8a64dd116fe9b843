import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGroups, stale, unnamed, withMeasured } from './mutationDoc';
import { readReport } from './mutationReport';

const root = join(__dirname, '..');
const page = join(root, 'docs', 'mutation.md');
const report = join(root, 'reports', 'mutation', 'mutation.json');

/** Writes what `npm run test:mutation` has measured into its page; fails for survivors that nobody has named. */
function main(): void {
  const scores = readReport(readFileSync(report, 'utf8'));
  const groups = readGroups(readFileSync(join(root, 'scripts', 'mutation', 'survivors.json'), 'utf8'));
  const day = statSync(report).mtime.toISOString().slice(0, 10);
  const measured = `Measured on ${day} with Node ${process.versions.node}.`;
  writeFileSync(page, withMeasured(readFileSync(page, 'utf8'), scores, groups, measured));
  for (const { file, name } of stale(scores, groups)) console.error(`Named, but gone: ${file}: ${name}`);
  const open = unnamed(scores, groups);
  for (const { file, name } of open) console.error(`Not looked at: ${file}: ${name}`);
  if (open.length > 0) process.exitCode = 1;
}

main();
