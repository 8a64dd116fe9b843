import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ownEnvironment, runProgram } from './runProgram';

const ROOT = join(__dirname, '..', '..');

/** How a script of package.json ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A script of package.json as a user types it in a terminal: a process group of its own, to which Ctrl-C goes. */
export class NpmScript {
  /** Resolves when all that was started by npm has let go of the terminal. */
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  readonly #words: string;
  #output = '';

  /**
   * @param args Of npm: `start`, or `run` and a name.
   * @param words What it prints when it is up.
   * @param directory Where it is typed. Temporary files go there too.
   * @param environment Any free ports, unless it names others.
   */
  constructor(
    args: readonly string[],
    words: string,
    directory: string,
    environment: Readonly<Record<string, string>> = {},
  ) {
    const { WEBEX_CONNECT_STORE: _, ...inherited } = ownEnvironment();
    const child = spawn('npm', ['--prefix', ROOT, ...args], {
      cwd: directory,
      detached: true,
      env: { ...inherited, TMPDIR: directory, PORT: '0', EMULATOR_PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#words = words;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.#output += chunk;
      });
    }
    this.ended = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode }));
  }

  /** All that was printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Resolves when it is up. */
  async up(): Promise<this> {
    await this.prints(this.#words);
    return this;
  }

  /** Resolves when it has printed this as often. */
  async prints(pattern: string | RegExp, times = 1): Promise<void> {
    const { stdout } = this.#child;
    while (this.#output.split(pattern).length <= times) {
      const isOver = await Promise.race([
        this.ended.then(() => true),
        once(stdout ?? this.#child, 'data').then(() => false),
      ]);
      if (isOver) throw new Error(`It has ended:\n${this.#output}`);
    }
  }

  /** What stands after a label, up to the next space. Known once it is up. */
  after(label: string): string {
    const word = new RegExp(`${label} +(\\S+)`).exec(this.#output)?.[1];
    if (word === undefined) throw new Error(`It has not said '${label}' yet:\n${this.#output}`);
    return word;
  }

  /** As the terminal does at Ctrl-C: everything that was started from it is told. */
  pressCtrlC(): Promise<Ending> {
    return this.#signalGroup('SIGINT');
  }

  /** As `kill` does: npm alone is told. */
  terminate(): Promise<Ending> {
    this.#child.kill('SIGTERM');
    return this.ended;
  }

  /** As a power cut does; nothing when it has ended. */
  async kill(): Promise<void> {
    if (this.isRunning) await this.#signalGroup('SIGKILL');
  }

  /** Whether anything is left of all that was started. */
  get isRunning(): boolean {
    const { pid } = this.#child;
    if (pid === undefined) return false;
    try {
      process.kill(-pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  /** The processes that were started by this one and whose command line holds `words`. */
  async pidsOf(words: string): Promise<number[]> {
    const lines = await runProgram(ROOT, 'ps', ['-A', '-o', 'pid=,pgid=,args=']);
    return lines
      .split('\n')
      .filter((line) => line.includes(words))
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid, group]) => (group === this.#child.pid && pid !== undefined ? [pid] : []));
  }

  #signalGroup(signal: NodeJS.Signals): Promise<Ending> {
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
    return this.ended;
  }
}
