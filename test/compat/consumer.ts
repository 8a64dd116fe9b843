import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readLockedPackages } from '../support/packageLock';
import type { PackedPackage } from '../support/packPackage';
import { runProgram } from '../support/runProgram';
import type { Botbuilder } from './matrix';

/** The two ways in which a project loads modules; each has a folder with the same suite. */
export const MODULE_SYSTEMS = ['commonjs', 'module'] as const;

/** A project of a user, outside of the repository. */
export interface Consumer {
  readonly directory: string;
  /** The version that was installed. */
  readonly botbuilder: string;
}

export interface ConsumerParts {
  readonly root: string;
  readonly directory: string;
  readonly packages: readonly PackedPackage[];
  readonly botbuilder: Botbuilder;
}

const INSTALL = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];

/** What the suite needs besides; of the versions that the repository itself is tested with. */
const TOOLS = ['@types/mocha', '@types/node', 'mocha', 'nock', 'pg', 'typescript'];

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    module: 'node16',
    moduleResolution: 'node16',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    // Declarations of botbuilder have errors of their own.
    skipLibCheck: true,
    types: ['node', 'mocha'],
  },
  include: MODULE_SYSTEMS,
};

const version = z.object({ version: z.string() });

/** Installs the packed packages beside a botbuilder, and compiles the suite against them for both module systems. */
export async function makeConsumer({
  root,
  directory,
  packages,
  botbuilder,
}: ConsumerParts): Promise<Consumer> {
  const locked = readLockedPackages(root);
  const tools = TOOLS.map((name) => `${name}@${locked[`node_modules/${name}`]?.version ?? 'latest'}`);
  const bots = ['botbuilder', 'botbuilder-dialogs'].map((name) => `${name}@${botbuilder.version}`);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'package.json'), JSON.stringify({ private: true }));
  await runProgram(directory, 'npm', [
    ...INSTALL,
    ...packages.map(({ tarball }) => tarball),
    ...bots,
    ...tools,
  ]);

  for (const type of MODULE_SYSTEMS) {
    await cp(join(__dirname, 'consumer'), join(directory, type), { recursive: true });
    await writeFile(join(directory, type, 'package.json'), JSON.stringify({ type }));
  }
  await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  await runProgram(directory, process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc')]);
  const installed: unknown = require(join(directory, 'node_modules', 'botbuilder', 'package.json'));
  return { directory, botbuilder: version.parse(installed).version };
}
