import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

/** A sample as its own process, as `npm run sample:…` starts it. */
export class SampleProcess {
  /** Of `POST /api/webex-connect`. */
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /**
   * Resolves when the sample listens.
   *
   * @param stderr `ignore` where the sample is made to complain.
   */
  static start(
    sample: string,
    environment: Record<string, string>,
    stderr: 'inherit' | 'ignore' = 'inherit',
  ): Promise<SampleProcess> {
    return SampleProcess.run(ROOT, ['--require', 'tsx/cjs', `samples/${sample}/index`], environment, stderr);
  }

  /** Runs Node with these arguments in a folder. Resolves when what it runs listens. */
  static async run(
    directory: string,
    args: readonly string[],
    environment: Record<string, string>,
    stderr: 'inherit' | 'ignore' = 'inherit',
  ): Promise<SampleProcess> {
    const child = spawn(process.execPath, args, {
      cwd: directory,
      env: { ...process.env, PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', stderr],
    });
    return new SampleProcess(child, await addressOf(child));
  }

  /** As Ctrl-C does. */
  stop(): Promise<unknown> {
    return this.#end('SIGTERM');
  }

  /** As a crash does. */
  kill(): Promise<unknown> {
    return this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
  }
}

/** The URL that the sample says it listens on. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      const match = /listens on (http:\S+)/.exec(output);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    child.once('exit', () => reject(new Error(`The sample ended: ${output}`)));
  });
}
