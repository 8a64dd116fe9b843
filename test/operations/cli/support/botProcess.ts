import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { type BotAnswer, postTo } from '../../../support/botHost';
import { payload } from '../../../support/fixtures';

const ready = z.object({ port: z.number() });
const statsShape = z.object({
  waitingEvents: z.number(),
  waitingMessages: z.number(),
  deadLetters: z.number(),
  quarantined: z.number(),
});

let said = 0;

/** `bot.ts` as its own process. */
export class BotProcess {
  /** Of its endpoint. */
  readonly url: string;
  readonly exited: Promise<unknown>;
  readonly #child: ChildProcess;
  readonly #accessToken: string | undefined;

  private constructor(child: ChildProcess, port: number, accessToken: string | undefined) {
    this.#child = child;
    this.#accessToken = accessToken;
    this.exited = once(child, 'exit');
    this.url = `http://127.0.0.1:${port}/api/webex-connect`;
  }

  /** Resolves when the bot listens. */
  static async start(environment: Record<string, string>): Promise<BotProcess> {
    const { NODE_V8_COVERAGE: _, ...env } = process.env;
    const child = fork(join(__dirname, 'bot.ts'), [], {
      env: { ...env, ...environment },
      execArgv: ['--no-warnings', '--require', 'tsx/cjs'],
    });
    const [message] = await once(child, 'message');
    return new BotProcess(child, ready.parse(message).port, environment.WEBEX_CONNECT_ACCESS_TOKEN);
  }

  post(body: unknown): Promise<BotAnswer> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (this.#accessToken !== undefined) headers.authorization = `Bearer ${this.#accessToken}`;
    return postTo(this.url, body, headers);
  }

  /** A customer says something. */
  say(text: string, conversationId: string): Promise<BotAnswer> {
    const event = payload('incoming-message');
    return this.post({ ...event, Messageid: `M${said++}`, Message: text, Conversationid: conversationId });
  }

  /** What the bot itself knows of its store, once it is idle: on SQLite, what it has counted. */
  async stats(): Promise<z.output<typeof statsShape>> {
    return statsShape.parse(await (await fetch(new URL('/stats', this.url))).json());
  }

  /** Freezes it, as a long pause would. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
    await this.exited;
  }
}
