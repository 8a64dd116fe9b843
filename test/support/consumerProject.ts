import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readLockedPackages } from './packageLock';
import { readPackageManifest } from './packageManifest';
import type { PackedPackage } from './packPackage';
import { runProgram } from './runProgram';

const INSTALL = ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];

/**
 * A project that uses the packed package. Whatever it installs has the version of our own `package-lock.json`:
 * the outcome does not change with the day, and `npm ci` has left all of it in npm's cache.
 */
export class ConsumerProject {
  readonly directory: string;
  readonly #root: string;
  readonly #lockRoot: string;
  readonly #packed: PackedPackage;

  /**
   * @param root Where the package is developed.
   * @param directory Where the consumer is to be.
   * @param lockRoot Where its `package-lock.json` is: a workspace has none of its own.
   */
  constructor(root: string, directory: string, packed: PackedPackage, lockRoot = root) {
    this.#root = root;
    this.#lockRoot = lockRoot;
    this.directory = directory;
    this.#packed = packed;
  }

  /** Where the package itself has been installed. */
  get packageDirectory(): string {
    return join(this.directory, 'node_modules', readPackageManifest(this.#root).name);
  }

  /** Installs the package and these others, and nothing else but what they need. */
  async install(...names: string[]): Promise<void> {
    const locked = readLockedPackages(this.#lockRoot);
    const { name, scripts: _, ...own } = readPackageManifest(this.#root);
    const resolved = `file:${relative(this.directory, this.#packed.tarball)}`;
    const others = names.map((other) => [other, locked[`node_modules/${other}`]?.version ?? '*']);
    const dependencies = { [name]: resolved, ...Object.fromEntries(others) };
    const packages = {
      ...locked,
      '': { dependencies },
      [`node_modules/${name}`]: { ...own, resolved, integrity: this.#packed.integrity },
    };
    await mkdir(this.directory, { recursive: true });
    await this.#write('package.json', { private: true, dependencies });
    await this.#write('package-lock.json', { lockfileVersion: 3, requires: true, packages });
    await runProgram(this.directory, 'npm', INSTALL);
  }

  #write(name: string, content: unknown): Promise<void> {
    return writeFile(join(this.directory, name), JSON.stringify(content, undefined, 2));
  }
}
