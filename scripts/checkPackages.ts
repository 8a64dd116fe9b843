import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packBuilt } from '../test/support/packPackage';
import { inTemporaryFolder } from './inTemporaryFolder';

const root = join(__dirname, '..');

/** What `npm publish` would upload, of both packages. */
const PACKAGES = [root, join(root, 'emulator')];

/**
 * Both read the tarball and ask nobody. `publint` looks at the manifest, `attw` at what each way of resolving modules
 * finds for each entry point: none of its rules is left out.
 */
const CHECKS: readonly (readonly string[])[] = [
  ['publint', 'run', '--strict'],
  ['attw', '--no-definitely-typed'],
];

async function main(temporary: string): Promise<number> {
  let status = 0;
  for (const directory of PACKAGES) {
    const { tarball } = await packBuilt(directory, temporary);
    for (const [program = '', ...args] of CHECKS) {
      const file = join(root, 'node_modules', '.bin', program);
      const run = spawnSync(file, [...args, tarball], {
        stdio: 'inherit',
        shell: process.platform === 'win32',
      });
      if (run.status !== 0) status = 1;
    }
  }
  return status;
}

inTemporaryFolder('webex-connect-packages-', main);
