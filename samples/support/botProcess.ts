import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const LISTENS = /listens on (http:\S+)/;
const STOPS_WITHIN_MS = 15_000;

/** How the bot came to its end: an exit code, or the signal that ended it. */
export type BotEnd = number | NodeJS.Signals;

/** Which bot is started, and how. */
export interface BotProgram {
  /** Of a sample, from the repository's root: `samples/echo/index.ts`. */
  readonly file: string;
  readonly args?: readonly string[];
  /** Added to our own. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A sample's bot, as a process of its own. What it prints is printed here. */
export class BotProcess {
  readonly pid: number | undefined;
  /** Resolves with the bot's endpoint, once it listens; never when it ends before. */
  readonly listening: Promise<string>;
  /** Resolves when the process is gone. */
  readonly ended: Promise<BotEnd>;
  readonly #child: ChildProcess;

  constructor({ file, args = [], environment }: BotProgram) {
    const required = ['tsx/cjs', './samples/support/endWithParent.ts'].flatMap((name) => ['--require', name]);
    const child = spawn(process.execPath, [...required, file, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.#child = child;
    this.pid = child.pid;
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(signal ?? code ?? 0));
    });
    this.listening = new Promise((resolve) => {
      let output = '';
      child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
        process.stdout.write(chunk);
        // The first line that matters is among the first that are printed.
        if (output.length < 10_000) output += chunk;
        const url = LISTENS.exec(output)?.[1];
        if (url !== undefined) resolve(url);
      });
    });
    // Whatever happens here, the bot must not stay behind on its port.
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
  }

  /** Ends it in good order: at Ctrl-C the terminal has told the bot too, at `kill` nobody has. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), STOPS_WITHIN_MS);
    await this.ended;
    clearTimeout(impatience);
  }
}
