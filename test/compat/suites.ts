import { join } from 'node:path';
import { type Consumer, MODULE_SYSTEMS } from './consumer';
import type { Cell } from './matrix';
import type { MochaRun } from './mochaRun';

/** Of `test/`: what the package has to pass as well as its sources do. */
const WITH_BOTBUILDER = ['adapter', 'ccsp', 'middleware', 'testing'].map(
  (folder) => `${folder}/**/*.test.ts`,
);

/** Of SQLite, what hangs on Node's version: the driver is another one from 22 on. */
const SQLITE = [
  'backup',
  'drivers',
  'failures',
  'migrations',
  'ownership',
  'recovery',
  'sqliteStore',
  'storageContract',
].map((name) => `store/sqlite/${name}.test.ts`);

/** They meet no botbuilder at run time, so that one is enough. */
const WITHOUT_BOTBUILDER = ['delivery/**/*.test.ts', 'protocol/**/*.test.ts', ...SQLITE];

export interface Suite {
  readonly name: string;
  readonly run: MochaRun;
}

/** What is run in one cell of the matrix, on the Node of which the binary is given. */
export function suitesOf(root: string, consumer: Consumer, { botbuilder }: Cell, node: string): Suite[] {
  const environment = {
    COMPAT_CONSUMER: consumer.directory,
    COMPAT_NODE: node,
    COMPAT_BOTBUILDER: consumer.botbuilder,
  };
  const users = MODULE_SYSTEMS.map((type) => ({
    name: type === 'commonjs' ? 'CommonJS' : 'ES modules',
    run: {
      node,
      directory: join(consumer.directory, type),
      args: [mochaOf(consumer.directory), '--reporter', 'dot', '*.compat.js'],
      environment,
    },
  }));
  const files = botbuilder.name === 'newest' ? [...WITH_BOTBUILDER, ...WITHOUT_BOTBUILDER] : WITH_BOTBUILDER;
  const own = { node, directory: root, args: [mochaOf(root), ...ownArguments(files)], environment };
  return [...users, { name: 'our tests', run: own }];
}

function mochaOf(directory: string): string {
  return join(directory, 'node_modules', 'mocha', 'bin', 'mocha.js');
}

function ownArguments(files: readonly string[]): string[] {
  const preloaded = ['tsx/cjs', './test/compat/support/usePackage.ts', './test/support/rootHooks.ts'];
  return [
    '--no-config',
    ...preloaded.flatMap((file) => ['--require', file]),
    ...['--extension', 'ts', '--reporter', 'dot', '--timeout', '60000', '--exit'],
    ...files.map((file) => `test/${file}`),
  ];
}
