import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..', '..');

/** What a command ended with: its exit code, or the signal that ended it. */
export interface Ended {
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

/** `webex-connect-bot` as its own process. */
export class CommandProcess {
  readonly #child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';
  #onOutput = () => {};

  constructor(args: readonly string[], environment: Record<string, string> = {}) {
    const { NODE_V8_COVERAGE: _, WEBEX_CONNECT_STORE: __, ...env } = process.env;
    this.#child = spawn(
      process.execPath,
      ['--no-warnings', '--require', 'tsx/cjs', join('src', 'operations', 'cli', 'cli.ts'), ...args],
      { cwd: ROOT, env: { ...env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#onOutput();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = once(this.#child, 'close').then(([code, signal]) => ({
      code: code ?? signal,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  /** Resolves when `expected` stands on standard output. */
  async printed(expected: RegExp): Promise<void> {
    while (!expected.test(this.stdout)) await new Promise<void>((resolve) => (this.#onOutput = resolve));
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Closes the reading end of its output, as `head` does. */
  closeOutput(): void {
    this.#child.stdout?.destroy();
  }
}

/** Runs a command to its end. */
export function runProcess(args: readonly string[], environment?: Record<string, string>): Promise<Ended> {
  return new CommandProcess(args, environment).ended;
}
