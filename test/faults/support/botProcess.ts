import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

/** What a bot process runs on. */
export interface BotProcessSettings {
  /** `sqlite:<path>` or `postgres:`. */
  readonly store: string;
  /** Options of `PostgresStore`. */
  readonly postgres?: object | undefined;
  readonly webhookUrl: string;
  /** Options of the adapter, and of the echo bot. */
  readonly options?: object | undefined;
  /** Where it is to die: `before-commit:stage:3`. */
  readonly killAt?: string | undefined;
}

const ready = z.object({ port: z.number() });

/** A bot that runs as a process of its own, so that it can be killed. */
export class BotProcess {
  readonly #child: ChildProcess;
  readonly url: string;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess, port: number, exited: Promise<unknown>) {
    this.#child = child;
    this.url = `http://127.0.0.1:${port}/api/webex-connect`;
    this.#exited = exited;
  }

  /** Resolves when the bot listens; `undefined` when it died before. */
  static async start(settings: BotProcessSettings): Promise<BotProcess | undefined> {
    const child = fork(join(__dirname, 'echoProcess.cjs'), {
      execArgv: [],
      env: {
        ...process.env,
        FAULT_STORE: settings.store,
        FAULT_WEBHOOK_URL: settings.webhookUrl,
        FAULT_OPTIONS: JSON.stringify(settings.options ?? {}),
        ...(settings.postgres !== undefined && { FAULT_POSTGRES: JSON.stringify(settings.postgres) }),
        ...(settings.killAt !== undefined && { FAULT_KILL_AT: settings.killAt }),
      },
    });
    const exited = once(child, 'exit');
    const first: unknown = await Promise.race([once(child, 'message').then(([message]) => message), exited]);
    const said = ready.safeParse(first);
    return said.success ? new BotProcess(child, said.data.port, exited) : undefined;
  }

  get hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves when the process is gone. */
  async exited(): Promise<void> {
    await this.#exited;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#child.kill(signal);
    await this.#exited;
  }

  /** Freezes the process as a long pause would. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  async state(): Promise<unknown> {
    const response = await fetch(new URL('/state', this.url));
    return response.json();
  }
}
