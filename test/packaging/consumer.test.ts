import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SampleProcess } from '../samples/support/sampleProcess';
import { postTo } from '../support/botHost';
import { ConsumerProject } from '../support/consumerProject';
import { FakeWebhook } from '../support/fakeWebhook';
import { payload } from '../support/fixtures';
import { namesThisMachine } from '../support/namesThisMachine';
import { type LockedPackage, readLockedPackages } from '../support/packageLock';
import { readPackageManifest } from '../support/packageManifest';
import { type PackedPackage, packPackage } from '../support/packPackage';
import { runProgram } from '../support/runProgram';
import { type ModuleSystem, typeErrors } from '../support/typeErrors';

const root = join(__dirname, '..', '..');
const PACKAGE = 'botbuilder-adapter-webex-connect';

type PackageType = 'commonjs' | 'module';

const COMPILERS: readonly [ModuleSystem, PackageType][] = [
  ['node16', 'commonjs'],
  ['node16', 'module'],
  ['nodenext', 'commonjs'],
  ['nodenext', 'module'],
  ['node10', 'commonjs'],
];

describe('A project that installs the package', function () {
  this.timeout(180_000);

  let temporary: string;
  let packed: PackedPackage;
  let consumer: ConsumerProject;

  before(async () => {
    // macOS reaches its temporary folder through a link, which the compiler would follow.
    temporary = realpathSync(mkdtempSync(join(tmpdir(), 'webex-connect-consumer-')));
    packed = await packPackage(root, temporary);
    consumer = new ConsumerProject(root, join(temporary, 'consumer'), packed);
    await consumer.install('botbuilder', '@types/node');
    for (const type of ['commonjs', 'module']) copySources(type);
  });

  after(() => rmSync(temporary, { recursive: true, force: true }));

  function copySources(type: string): void {
    const directory = join(consumer.directory, type);
    cpSync(join(__dirname, 'consumer'), directory, { recursive: true });
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ type }));
  }

  function runNode(...args: string[]): Promise<string> {
    return runProgram(consumer.directory, process.execPath, args);
  }

  function compile(name: string, moduleSystem: ModuleSystem, type: PackageType): string[] {
    return typeErrors(join(consumer.directory, type, name), consumer.packageDirectory, moduleSystem);
  }

  describe('finds in it', () => {
    it('what was built, the manifest and the texts, and nothing else', () => {
      const allowed = /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/.+\.(js|d\.ts))$/;
      assert.deepEqual(
        packed.files.filter((path) => !allowed.test(path)),
        [],
      );
    });

    it('one module and its types for every source, and no others', () => {
      const built = packed.files.filter((path) => path.startsWith('dist/'));
      assert.deepEqual(new Set(built), new Set(expectedModules()));
    });

    it('no path of the machine it was built on', () => {
      const found = packed.files.filter((path) =>
        namesThisMachine(readFileSync(join(consumer.packageDirectory, path), 'utf8'), root),
      );
      assert.deepEqual(found, []);
    });

    it('nothing that runs at its installation', () => {
      const scripts = Object.keys(readPackageManifest(consumer.packageDirectory).scripts);
      const automatic = ['preinstall', 'install', 'postinstall'];
      assert.deepEqual(
        scripts.filter((name) => automatic.includes(name)),
        [],
      );
    });

    it('no dependency that runs anything at its installation', () => {
      const production = productionPackages(readLockedPackages(root));
      assert.ok(production.some(([place]) => place === 'node_modules/axios'));
      assert.deepEqual(
        production.filter(([, { hasInstallScript }]) => hasInstallScript).map(([place]) => place),
        [],
      );
    });
  });

  describe('and nock not', () => {
    before(() => {
      assert.throws(() => require.resolve('nock', { paths: [consumer.directory] }), {
        code: 'MODULE_NOT_FOUND',
      });
    });

    for (const [moduleSystem, type] of COMPILERS) {
      it(`compiles a bot as ${type} with ${moduleSystem}`, () => {
        assert.deepEqual(compile('bot.ts', moduleSystem, type), []);
      });
    }

    it('starts and stops the adapter from CommonJS', async () => {
      assert.equal(await runNode('commonjs/start.cjs'), 'ok\n');
    });

    it('starts and stops the adapter from an ES module', async () => {
      assert.equal(await runNode('module/start.mjs'), 'ok\n');
    });

    for (const entryPoint of [PACKAGE, `${PACKAGE}/sqlite`, `${PACKAGE}/postgres`, `${PACKAGE}/testing`]) {
      it(`imports by name all that '${entryPoint}' exports`, async () => {
        const print = (module: string) => `console.log(JSON.stringify(Object.keys(${module})))`;
        const required: unknown = JSON.parse(await runNode('-e', print(`require('${entryPoint}')`)));
        const imported: unknown = JSON.parse(
          await runNode('--input-type=module', '-e', `import * as all from '${entryPoint}'; ${print('all')}`),
        );
        assert.ok(Array.isArray(required) && required.length > 0);
        assert.ok(Array.isArray(imported));
        assert.deepEqual(
          required.filter((name) => !imported.includes(name)),
          [],
        );
      });
    }

    describe('can call webex-connect-bot', () => {
      let empty: string;
      before(() => {
        empty = mkdtempSync(join(temporary, 'empty-'));
      });

      /** From a folder where there is nothing. */
      const call = (...args: string[]): Promise<string> =>
        runProgram(empty, join(consumer.directory, 'node_modules', '.bin', 'webex-connect-bot'), args);

      it('by npx, which tells what there is', async () => {
        const help = await runProgram(consumer.directory, 'npx', ['webex-connect-bot', '--help']);
        assert.match(help, /webex-connect-bot <command>/);
        assert.equal(await call('--help'), help);
      });

      it('which knows its version', async () => {
        assert.equal(await call('--version'), `${readPackageManifest(root).version}\n`);
      });

      it('on a fresh SQLite file', async () => {
        const make = `const { SqliteStore } = require('${PACKAGE}/sqlite');
          const store = new SqliteStore(${JSON.stringify(join(empty, 'bot.db'))});
          store.open().then(() => store.close());`;
        await runNode('-e', make);
        const status: unknown = JSON.parse(
          await call('dead-letters', 'list', '--store', 'sqlite:bot.db', '--json'),
        );
        assert.deepEqual(status, { deadLetters: [], next: null });
        // No bot runs: 1.
        await assert.rejects(call('status', '--store', 'sqlite:bot.db'), /no bot runs on this store/);
      });

      it('and is told to install pg for PostgreSQL', async () => {
        await assert.rejects(call('status', '--store', 'postgres://127.0.0.1:1/x'), /npm install pg/);
      });
    });

    it('is told to install nock when it mocks Webex Connect', async () => {
      await assert.rejects(runNode('commonjs/mock.cjs'), /npm install --save-dev nock/);
    });
  });

  describe('and restify', () => {
    before(() => consumer.install('botbuilder', 'restify'));

    it('runs samples/javascript, copied as it is', async () => {
      cpSync(join(root, 'samples', 'javascript'), join(consumer.directory, 'sample'), { recursive: true });
      const webhook = await FakeWebhook.listen();
      const sample = await SampleProcess.run(consumer.directory, ['sample/index.js'], {
        WEBEX_CONNECT_WEBHOOK_URL: webhook.url,
        WEBEX_CONNECT_STORE: 'sqlite:sample.db',
      });
      try {
        await postTo(sample.url, payload('incoming-message'));
        await webhook.waitFor(1);
        assert.deepEqual(webhook.texts, [
          'You said "Where is my order?". Say "agent" to talk to a colleague.',
        ]);
      } finally {
        await sample.stop();
        await webhook.close();
      }
    });
  });

  describe('and nock too', () => {
    before(() => consumer.install('botbuilder', '@types/node', 'nock'));

    for (const [moduleSystem, type] of COMPILERS) {
      it(`compiles a test suite as ${type} with ${moduleSystem}`, () => {
        assert.deepEqual(compile('suite.ts', moduleSystem, type), []);
      });
    }

    it('tests a bot from CommonJS', async () => {
      assert.equal(await runNode('commonjs/mock.cjs'), 'hello\n');
    });

    it('tests a bot from an ES module', async () => {
      assert.equal(await runNode('module/mock.mjs'), 'hello\n');
    });
  });
});

function expectedModules(): string[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `dist/${path.replaceAll('\\', '/').slice(0, -'.ts'.length)}`)
    .flatMap((path) => [`${path}.js`, `${path}.d.ts`]);
}

function productionPackages(packages: Readonly<Record<string, LockedPackage>>): [string, LockedPackage][] {
  return Object.entries(packages).filter(([, { dev }]) => !dev);
}
