import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a process of the benchmark can be asked: a name, an argument, one answer. */
export type Answers = Readonly<Record<string, { ask: unknown; answer: unknown }>>;

interface Question {
  readonly id: number;
  readonly name: string;
  readonly ask: unknown;
}

interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** A process that answers questions over its IPC channel. */
export class Child<Protocol extends Answers> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #asked = 0;

  private constructor(process: ChildProcess) {
    this.#process = process;
    process.on('message', (reply: Reply) => {
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
    process.once('exit', (code, signal) => {
      for (const [id, settle] of this.#waiting) settle({ id, error: `it ended (${code ?? signal})` });
      this.#waiting.clear();
    });
  }

  /** @param script A file of this folder. */
  static async start<Protocol extends Answers>(script: string): Promise<Child<Protocol>> {
    const process_ = fork(join(__dirname, script), {
      // `gc` is there to tell what is kept from what is only not collected yet.
      execArgv: [
        '--expose-gc',
        '--require',
        'tsx/cjs',
        ...(process.env.BENCH_NODE_OPTIONS?.split(' ') ?? []),
      ],
      stdio: ['ignore', 2, 2, 'ipc'],
      serialization: 'advanced',
    });
    const child = new Child<Protocol>(process_);
    await Promise.race([
      once(process_, 'spawn'),
      once(process_, 'error').then(([error]) => Promise.reject(error)),
    ]);
    return child;
  }

  /** @throws when the process has failed or ended. */
  ask<Name extends keyof Protocol & string>(
    name: Name,
    ask: Protocol[Name]['ask'],
  ): Promise<Protocol[Name]['answer']> {
    this.#asked += 1;
    const question: Question = { id: this.#asked, name, ask };
    return new Promise((resolve, reject) => {
      this.#waiting.set(question.id, ({ answer, error }) => {
        if (error === undefined) resolve(answer);
        else reject(new Error(`A process of the benchmark could not ${name}: ${error}`));
      });
      this.#process.send(question);
    });
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}

/** How a process answers, by the name of the question. */
export type Handlers<Protocol extends Answers> = {
  readonly [Name in keyof Protocol]: (
    ask: Protocol[Name]['ask'],
  ) => Promise<Protocol[Name]['answer']> | Protocol[Name]['answer'];
};

/** Serves the questions of the process that started this one. */
export function serveParent<Protocol extends Answers>(handlers: Handlers<Protocol>): void {
  process.on('message', (question: Question) => {
    void answer(handlers, question).then((reply) => process.send?.(reply));
  });
  process.once('disconnect', () => process.exit(0));
}

async function answer<Protocol extends Answers>(
  handlers: Handlers<Protocol>,
  { id, name, ask }: Question,
): Promise<Reply> {
  try {
    const handler = handlers[name];
    if (handler === undefined) throw new Error('nobody here knows how');
    return { id, answer: await handler(ask) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
