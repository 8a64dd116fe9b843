import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../../../samples/support/freePort';
import { ownEnvironment, runProgram } from '../../support/runProgram';
import type { Block } from './markdown';
import { ROOT } from './pages';

const TSX = require.resolve('tsx/cjs');
const BOTS_PORT = /\b3978\b/g;

/** A file outside of the repository finds there what a reader has installed. */
const INSTALLED = { TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json'), NODE_PATH: join(ROOT, 'node_modules') };

/** A whole program of the docs as a process of its own, on a free port instead of the one it names. */
export class BotProgram {
  /** Of its route for Webex Connect. */
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Resolves when it answers. @param file Where it is written; its folder is where it runs. */
  static async start(code: string, file: string, environment: Record<string, string>): Promise<BotProgram> {
    const port = await freePort();
    writeFileSync(file, code.replaceAll(BOTS_PORT, String(port)));
    const child = spawn(process.execPath, ['--require', TSX, file], {
      cwd: dirname(file),
      env: { ...ownEnvironment(), ...INSTALLED, ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const program = new BotProgram(`http://127.0.0.1:${port}/api/webex-connect`, child);
    await program.#untilItAnswers();
    return program;
  }

  /** How long a program takes to load is up to the machine: the test's own time limit ends the wait. */
  async #untilItAnswers(): Promise<void> {
    for (;;) {
      const answer = await fetch(this.url, { method: 'POST' }).catch(() => undefined);
      if (answer?.status === 200) return;
      if (this.#child.exitCode !== null) throw new Error(`The program ended with ${this.#child.exitCode}.`);
      await setTimeout(20);
    }
  }

  /** As a supervisor does. @returns The exit code, and the signal that has ended it. */
  async stop(): Promise<readonly unknown[]> {
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    return exit;
  }

  /** Harmless when it has ended. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/**
 * Runs a block that holds tests, by mocha in a process of its own.
 *
 * @param given Makes what the block takes for granted.
 * @param end Stands after the block.
 * @throws {Error} with what mocha has said, when a test fails or there is none.
 */
export async function runSuite({ code }: Block, file: string, given: string, end = ''): Promise<void> {
  const port = String(await freePort());
  const [imports, body] = splitImports(`${given}\n${code}\n${end}`.replaceAll(BOTS_PORT, port));
  // A file of tests may wait on its top level where it is an ES module; this one is none. mocha listens for `run` once it
  // has loaded all files.
  const delayed = `await new Promise(setImmediate);\n${body}\nrun();`;
  writeFileSync(file, `${imports}\nvoid (async () => {\n${delayed}\n})();\n`);
  const mocha = join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const options = ['--no-config', '--delay', '--exit', '--timeout', '20000'];
  const args = ['--require', TSX, mocha, ...options, file];
  const output = await runProgram(dirname(file), process.execPath, args, INSTALLED);
  if (!/[1-9]\d* passing/.test(output)) throw new Error(`No test was run: ${output}`);
}

function splitImports(code: string): [imports: string, body: string] {
  const imports: string[] = [];
  const body = code.replaceAll(/^import [^;]*;$/gm, (statement) => {
    imports.push(statement);
    return '';
  });
  return [imports.join('\n'), body];
}
