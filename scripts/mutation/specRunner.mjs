import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  MutantRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import Mocha from 'mocha';

const require = createRequire(import.meta.url);

/**
 * Runs specs for Stryker, in the copy of the project that holds the mutants.
 *
 * Stryker 9 has a runner for mocha up to 11 only. That one also starts a process anew for every mutant that is in force
 * while files load; here the project's own files are loaded anew, and what they import is not.
 */
class SpecRunner {
  static inject = tokens(commonTokens.options);

  #settings;
  #mocha;
  /** What the code with the mutants reads and writes: the one in force, which were met, how often. */
  #context;

  constructor({ specRunner }) {
    this.#settings = specRunner;
    globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
    this.#context = globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE];
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  init() {
    require('tsx/cjs');
    // One seed, so that two runs give one score; and a counterexample need not be a small one.
    require('fast-check').configureGlobal({ seed: 1, endOnFailure: true });
  }

  async dryRun() {
    this.#load();
    const result = await this.#run(() => true);
    return { ...result, mutantCoverage: this.#context.mutantCoverage };
  }

  async mutantRun({
    activeMutant,
    testFilter,
    sandboxFileName,
    hitLimit,
    mutantActivation,
    reloadEnvironment,
  }) {
    const context = this.#context;
    context.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
    context.hitLimit = hitLimit;
    context.hitCount = hitLimit === undefined ? undefined : 0;
    try {
      if (reloadEnvironment || this.#mocha === undefined) this.#load();
    } catch (error) {
      return { status: MutantRunStatus.Error, errorMessage: String(error) };
    }
    context.activeMutant = activeMutant.id;
    this.#putFirst(specsOf(sandboxFileName));
    const titles = testFilter && new Set(testFilter);
    const result = await this.#run((title) => titles?.has(title) ?? true);
    return toMutantRunResult(determineHitLimitReached(context.hitCount, hitLimit) ?? result);
  }

  #load() {
    this.#mocha?.dispose();
    this.#mocha = undefined;
    forgetFilesUnder(process.cwd() + path.sep);
    const { hooks, folders, timeoutMs } = this.#settings;
    const mocha = new Mocha({ bail: true, timeout: timeoutMs, reporter: class {} });
    mocha.cleanReferencesAfterRun(false).lazyLoadFiles(true);
    mocha.rootHooks(require(path.resolve(hooks)).mochaHooks);
    const context = this.#context;
    mocha.suite.beforeEach(function noteTest() {
      context.currentTestId = this.currentTest.fullTitle();
    });
    mocha.files = folders.flatMap(specsIn);
    mocha.loadFiles();
    this.#mocha = mocha;
  }

  /** The specs that mirror a file are the likeliest to fail, and often the fastest. */
  #putFirst(start) {
    const isMirror = ({ file }) => file.startsWith(start);
    this.#mocha.suite.suites.sort((one, other) => Number(isMirror(other)) - Number(isMirror(one)));
  }

  /** Runs the tests whose titles are wanted, up to the first that fails. */
  #run(isWanted) {
    const tests = [];
    let startedAt = performance.now();
    const note = (test, outcome) => {
      const name = test.fullTitle();
      const timeSpentMs = performance.now() - startedAt;
      startedAt += timeSpentMs;
      tests.push({ id: name, name, fileName: test.file, timeSpentMs, ...outcome });
    };
    return new Promise((resolve) => {
      const runner = this.#mocha
        .grep({ test: isWanted })
        .run(() => resolve({ status: DryRunStatus.Complete, tests }));
      runner.on('pass', (test) => note(test, { status: TestStatus.Success }));
      runner.on('fail', (runnable, error) =>
        note(runnable.ctx?.currentTest ?? runnable, {
          status: TestStatus.Failed,
          failureMessage: String(error?.message ?? error),
        }),
      );
    });
  }
}

/** Modules also hold on to those that they have loaded. */
function forgetFilesUnder(folder) {
  for (const [file, module] of Object.entries(require.cache)) {
    if (file.startsWith(folder)) delete require.cache[file];
    else module.children = module.children.filter(({ filename }) => !filename.startsWith(folder));
  }
}

/** What the names of a file's specs start with: `decodeEvent` may have `decodeEventFields.test.ts`. */
function specsOf(sourceFile) {
  return path.resolve('test', path.relative('src', sourceFile).replace(/\.ts$/, ''));
}

function specsIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
    .map((name) => path.resolve(folder, name));
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'specs', SpecRunner)];

export const strykerValidationSchema = {
  properties: {
    specRunner: {
      type: 'object',
      required: ['folders', 'hooks', 'timeoutMs'],
      additionalProperties: false,
      properties: {
        folders: { type: 'array', items: { type: 'string' } },
        hooks: { type: 'string' },
        timeoutMs: { type: 'number' },
      },
    },
  },
};
