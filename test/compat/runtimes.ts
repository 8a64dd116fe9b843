import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../support/runProgram';

const INSTALL = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];

/**
 * Fetches Node from the npm registry, as the package that holds the binary for this platform: the package `node` would
 * choose it by an install script, and those do not run here.
 *
 * @param cache A folder that is kept from run to run: a runtime has some 100 MB.
 * @param version A version or a range, as npm knows it.
 * @returns The path of the binary.
 */
export async function installRuntime(cache: string, version: string): Promise<string> {
  const name = runtimePackage(process.platform, process.arch);
  const directory = join(cache, version);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'package.json'), JSON.stringify({ private: true }));
  await runProgram(directory, 'npm', [...INSTALL, `${name}@${version}`]);
  const folder = join(directory, 'node_modules', name, 'bin');
  const binary = ['node', 'node.exe'].map((file) => join(folder, file)).find((file) => existsSync(file));
  if (binary === undefined) throw new Error(`${name}@${version} holds no Node: look into ${folder}.`);
  return binary;
}

/** The package that holds Node for a platform, in the words of `process.platform` and `process.arch`. */
export function runtimePackage(platform: string, arch: string): string {
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}
