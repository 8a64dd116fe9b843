import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { refusalOf } from './releaseVerdict';

const manifest = z.object({ name: z.string(), repository: z.object({ url: z.string() }) });

/** Ends with 1 when what is about to be published names another repository than this one. */
function main(): number {
  const { status, stdout } = spawnSync('git', ['remote', 'get-url', 'origin'], { encoding: 'utf8' });
  const origin = status === 0 ? stdout.trim() : undefined;
  const refusals = ['.', 'emulator'].flatMap((folder) => {
    const text = readFileSync(join(__dirname, '..', folder, 'package.json'), 'utf8');
    const { name, repository } = manifest.parse(JSON.parse(text));
    const refusal = refusalOf(origin, repository.url);
    return refusal === undefined ? [] : [`${name}: ${refusal}`];
  });
  for (const refusal of refusals) process.stderr.write(`${refusal}\n`);
  return refusals.length === 0 ? 0 : 1;
}

process.exitCode = main();
