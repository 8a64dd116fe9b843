import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, launchBrowser } from '../../emulator/test/page/support/launchBrowser';
import { EmulatorPage } from '../start/support/emulatorPage';
import { ConsumerProject } from '../support/consumerProject';
import { namesThisMachine } from '../support/namesThisMachine';
import { readPackageManifest } from '../support/packageManifest';
import { type PackedPackage, packPackage } from '../support/packPackage';
import { ownEnvironment, runProgram } from '../support/runProgram';
import { typeErrors } from '../support/typeErrors';

const root = join(__dirname, '..', '..');
const workspace = join(root, 'emulator');

describe('An empty folder in which the emulator is installed', function () {
  this.timeout(240_000);

  let temporary: string;
  let packed: PackedPackage;
  let consumer: ConsumerProject;
  let command: ChildProcess | undefined;

  before(async () => {
    // macOS reaches its temporary folder through a link, which the compiler would follow.
    temporary = realpathSync(mkdtempSync(join(tmpdir(), 'webex-connect-emulator-')));
    packed = await packPackage(workspace, temporary);
    consumer = new ConsumerProject(workspace, join(temporary, 'consumer'), packed, root);
    await consumer.install('@types/node');
  });

  afterEach(async () => {
    const isRunning = command !== undefined && command.exitCode === null && command.signalCode === null;
    if (isRunning && command?.kill('SIGKILL')) await once(command, 'exit');
    command = undefined;
  });

  after(() => rmSync(temporary, { recursive: true, force: true }));

  /** As `npx webex-connect-emulator` does, which finds the command here. */
  function emulator(...args: string[]): Promise<string> {
    return runProgram(consumer.directory, join(consumer.directory, 'node_modules', '.bin', COMMAND), args);
  }

  /** Starts the emulator. Resolves with the URL of its page. */
  async function serve(): Promise<string> {
    const child = spawn(join(consumer.directory, 'node_modules', '.bin', COMMAND), ['--port', '0'], {
      cwd: consumer.directory,
      env: ownEnvironment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    command = child;
    let output = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (output.includes('Ctrl-C stops it.')) break;
    }
    return /http:\/\/localhost:\d+/.exec(output)?.[0] ?? assert.fail(`no page: ${output}`);
  }

  it('holds what was built, the scenarios, the manifest and the texts, and nothing else', () => {
    const allowed =
      /^(package\.json|README\.md|LICENSE|scenarios\/[\w-]+\.yml|dist\/(?!page\/).+\.(js|d\.ts)|dist\/page\/(index\.html|(app|vendor)\/.+\.js|vendor\/\w+\.LICENSE|style\/.+\.css))$/;
    assert.deepEqual(
      packed.files.filter((path) => !allowed.test(path)),
      [],
    );
    assert.ok(packed.files.includes('scenarios/normal-life.yml'), 'the scenarios are there');
  });

  it('holds no path of the machine it was built on', () => {
    const found = packed.files.filter((path) =>
      namesThisMachine(readFileSync(join(consumer.packageDirectory, path), 'utf8'), root),
    );
    assert.deepEqual(found, []);
  });

  it('names no source map, for it holds none', () => {
    const found = packed.files.filter((path) =>
      readFileSync(join(consumer.packageDirectory, path), 'utf8').includes('sourceMappingURL='),
    );
    assert.deepEqual(found, []);
  });

  it('passes on the licences of the libraries that it passes on', () => {
    const licenceOf = (library: string) =>
      readFileSync(join(consumer.packageDirectory, 'dist', 'page', 'vendor', `${library}.LICENSE`), 'utf8');
    assert.match(licenceOf('preact'), /MIT License/);
    assert.match(licenceOf('htm'), /Apache License/);
  });

  it('needs neither the libraries of the page nor those of the tests', () => {
    for (const name of ['preact', 'htm', 'playwright-core', 'tsx', 'botbuilder']) {
      assert.ok(!existsSync(join(consumer.directory, 'node_modules', name)), `${name} is not there`);
    }
  });

  it('has the command, which knows its version', async () => {
    assert.equal((await emulator('--version')).trim(), readPackageManifest(workspace).version);
    assert.match(await emulator('--help'), /webex-connect-emulator run <scenario…>/);
  });

  it('serves the page with all that it asks for', async () => {
    const browser: Browser = await launchBrowser();
    try {
      const url = await serve();
      const context = await browser.newContext();
      const answers: string[] = [];
      context.on('response', (answer) => {
        if (answer.status() !== 200) answers.push(`${answer.status()} ${answer.url()}`);
      });
      context.on('requestfailed', (request) => answers.push(`failed ${request.url()}`));
      const open = await EmulatorPage.open(context, url);
      await open.addCustomer('Ann', 'WhatsApp');
      await open.say('Ann', 'Is anybody there?');
      await open.sees('Ann', 'Ann', 'Is anybody there?');
      assert.deepEqual([answers, open.errors], [[], []]);
    } finally {
      await browser.close();
    }
  });

  it('stops at Ctrl-C', async () => {
    await serve();
    const ended = once(command ?? assert.fail('it runs'), 'exit');
    command?.kill('SIGINT');
    assert.deepEqual(await ended, [0, null]);
  });

  it('can be used from CommonJS and from an ES module', async () => {
    for (const name of ['run.cjs', 'run.mjs']) {
      cpSync(join(__dirname, 'emulatorConsumer', name), join(consumer.directory, name));
      assert.equal(await runProgram(consumer.directory, process.execPath, [name]), 'Ann\n', name);
    }
  });

  for (const type of ['commonjs', 'module'] as const) {
    it(`has types for a suite that is ${type}`, () => {
      const directory = join(consumer.directory, type);
      cpSync(join(__dirname, 'emulatorConsumer'), directory, { recursive: true });
      writeFileSync(join(directory, 'package.json'), JSON.stringify({ type }));
      const errors = typeErrors(join(directory, 'suite.ts'), consumer.packageDirectory, 'node16');
      assert.deepEqual(errors, []);
    });
  }
});

const COMMAND = 'webex-connect-emulator';
