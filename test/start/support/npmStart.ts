import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ownEnvironment, runProgram } from '../../support/runProgram';

const ROOT = join(__dirname, '..', '..', '..');
const IS_UP = 'Ctrl-C stops both.';

/** How `npm start` ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `npm start` as a user types it in a terminal: a process group of its own, to which Ctrl-C goes. */
export class NpmStart {
  /** Resolves when all that was started by npm has let go of the terminal. */
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  #output = '';

  /**
   * @param directory Where it is typed. Temporary files go there too.
   * @param environment Any free ports, unless it names others.
   */
  constructor(directory: string, environment: Readonly<Record<string, string>> = {}) {
    const { WEBEX_CONNECT_STORE: _, ...inherited } = ownEnvironment();
    const child = spawn('npm', ['--prefix', ROOT, 'start'], {
      cwd: directory,
      detached: true,
      env: { ...inherited, TMPDIR: directory, PORT: '0', EMULATOR_PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
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

  /** Of the emulator's page, without a slash at its end. Known once it is up. */
  get pageUrl(): string {
    return this.#urlAfter('Webex Connect, emulated:');
  }

  /** Of the bot's endpoint. Known once it is up. */
  get botUrl(): string {
    return this.#urlAfter('The contact-centre bot:');
  }

  /** Resolves when the user is told to open the page. */
  async up(): Promise<this> {
    const { stdout } = this.#child;
    while (!this.#output.includes(IS_UP)) {
      const isOver = await Promise.race([
        this.ended.then(() => true),
        once(stdout ?? this.#child, 'data').then(() => false),
      ]);
      if (isOver) throw new Error(`npm start has ended:\n${this.#output}`);
    }
    return this;
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

  #urlAfter(label: string): string {
    const url = new RegExp(`${label} +(\\S+)`).exec(this.#output)?.[1];
    if (url === undefined) throw new Error(`npm start has not said '${label}' yet:\n${this.#output}`);
    return url;
  }
}
