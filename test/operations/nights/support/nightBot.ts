import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { ownEnvironment } from '../../../support/runProgram';

const ROOT = join(__dirname, '..', '..', '..', '..');
const LISTENS = /listens on (http:\S+)/;

const news = z.object({ kind: z.enum(['met', 'moved']) });

/** How a process ended. */
export type BotEnd = number | NodeJS.Signals | null;

/** The echo sample as its own process, with a time that can be moved on, and a log. */
export class NightBot {
  readonly ended: Promise<BotEnd>;
  /** Resolves when the bot listens; never when it ends before. */
  readonly listening: Promise<string>;
  /** Resolves when a turn has met the night's word: it waits until it is told what to do. */
  readonly meets: Promise<void>;
  readonly #child: ChildProcess;
  #tell: () => void = () => {};
  #output = '';
  #errors = '';

  /** @param environment See `nightTime.ts` and `nightBotPreload.ts`. */
  constructor(environment: Readonly<Record<string, string>>) {
    const preload = join(__dirname, 'nightBotPreload.ts');
    const args = ['--no-warnings', '--require', 'tsx/cjs', '--require', preload, 'samples/echo/index.ts'];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...ownEnvironment(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    this.ended = once(child, 'close').then(() => child.signalCode ?? child.exitCode);
    this.listening = new Promise((resolve) => {
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        const url = LISTENS.exec(this.#output)?.[1];
        if (url !== undefined) resolve(url);
      });
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    this.meets = new Promise((resolve) => {
      child.on('message', (message) => {
        if (news.parse(message).kind === 'met') resolve();
        else this.#tell();
      });
    });
  }

  /** All that it has logged; the errors last, for the two streams know no common order. */
  get log(): string {
    return this.#output + this.#errors;
  }

  /** Moves its time on; what is due on the way happens. At once when it has ended. @param time Since the epoch. */
  async moveTo(time: number): Promise<void> {
    if (!this.#child.connected) return;
    const moved = new Promise<void>((resolve) => {
      this.#tell = resolve;
    });
    this.#child.send({ kind: 'moveTo', time });
    await Promise.race([moved, this.ended]);
  }

  /** The turn that has met the night's word goes on. */
  goOn(): void {
    this.#child.send({ kind: 'goOn' });
  }

  /** Throws what nothing catches. Resolves when the process is gone. */
  async crash(): Promise<BotEnd> {
    this.#child.send({ kind: 'crash' });
    return this.ended;
  }

  /** As a deployment does. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGTERM');
    await this.ended;
  }
}
