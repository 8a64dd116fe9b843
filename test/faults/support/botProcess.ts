import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

/** What a bot process runs on. */
export interface BotProcessSettings {
  /** The bot: one that echoes, by default. */
  readonly program?: 'echoProcess.cjs' | 'handoverProcess.cjs';
  /** `sqlite:<path>` or `postgres:`. */
  readonly store: string;
  /** Options of `PostgresStore`. */
  readonly postgres?: object | undefined;
  readonly webhookUrl: string;
  /** Options of the adapter, and of the echo bot. */
  readonly options?: object | undefined;
  /** Where it is to die: `before-commit:stage:3`. */
  readonly killAt?: string | undefined;
  /** Called with what the bot says it was told. */
  readonly onTold?: ((told: unknown) => void) | undefined;
}

const ready = z.object({ port: z.number() });
const telling = z.object({ told: z.unknown() });
const armed = z.object({ armed: z.string() });

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
    const child = fork(join(__dirname, settings.program ?? 'echoProcess.cjs'), {
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
    // A bot that is started again works before it listens, and may have told something by then.
    const listening = new Promise<number>((resolve) => {
      child.on('message', (message) => {
        const isReady = ready.safeParse(message);
        if (isReady.success) resolve(isReady.data.port);
        const said = telling.safeParse(message);
        if (said.success) settings.onTold?.(said.data.told);
      });
    });
    const port = await Promise.race([listening, exited.then(() => undefined)]);
    return port === undefined ? undefined : new BotProcess(child, port, exited);
  }

  get hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves when the process is gone. */
  async exited(): Promise<void> {
    await this.#exited;
  }

  /** Tells the bot where it is to die from now on; `undefined` for nowhere. Resolves when it knows, or is dead. */
  async arm(killAt: string | undefined): Promise<void> {
    if (this.hasExited) return;
    const isArmed = new Promise<void>((resolve) => {
      const listen = (message: unknown) => {
        if (!armed.safeParse(message).success) return;
        this.#child.off('message', listen);
        resolve();
      };
      this.#child.on('message', listen);
    });
    this.#child.send({ killAt });
    await Promise.race([isArmed, this.#exited]);
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
    return this.ask('/state');
  }

  /** What one of the bot's own routes answers. */
  async ask(path: string): Promise<unknown> {
    const response = await fetch(new URL(path, this.url));
    return response.json();
  }
}
