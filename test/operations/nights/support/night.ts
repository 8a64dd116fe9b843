import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createEmulator, type Emulator, type Violation } from '../../../../emulator/src';
import { runProcess } from '../../cli/support/commandProcess';
import { until } from '../../cli/support/until';
import { NightBot } from './nightBot';
import { NightClock } from './nightClock';
import { shownText } from './shownText';

/** Milliseconds of real time that the judge gives the bot for an answer: a night has other measures of time. */
const JUDGE_WAITS_MS = 600_000;
const TOKEN = 'token-of-the-night';
const ECHO_OF_EXIT_CODE = '; echo $?';
const PRELOAD = ['--require', 'tsx/cjs', '--require', JSON.stringify(join(__dirname, 'nightTime.ts'))];

const health = z.object({
  status: z.string(),
  notes: z.array(z.string()).default([]),
  checks: z.object({
    'inbox:waiting': z.tuple([z.object({ observedValue: z.number() })]).optional(),
    'outbox:waiting': z.tuple([z.object({ observedValue: z.number() })]).optional(),
  }),
});

/** Asks the bot itself. */
export const HEALTH = "curl -s localhost:3978/health/ready | jq -r '.status, .notes[]'";
/** Asks the store. */
export const STATUS = 'webex-connect-bot status; echo $?';

/** Milliseconds of real time that somebody waits for an answer, on a machine that is busy. */
export const PATIENCE_MS = 60_000;

const said = z.object({ Message: z.string() });

/** A command that was typed in the night. */
export interface TypedCommand {
  /** As it is shown on the page, `; echo $?` included. */
  readonly line: string;
  /** As it is shown on the page: what is another in each run has the name of a stand-in. */
  readonly output: string;
}

/** What a night is played with. */
export interface NightParts {
  /** `WEBEX_CONNECT_STORE`; by default a SQLite file. */
  readonly store?: string;
  /** A turn that meets it waits until the night says what becomes of it. */
  readonly word?: string;
}

/**
 * A night on call: an emulated Webex Connect, the echo sample as a process, the operator's command. The hours pass at
 * once, for bot, platform and commands alike; what is due on the way happens at its time.
 */
export class Night {
  readonly emulator: Emulator;
  /** What was typed, in order. */
  readonly typed: TypedCommand[] = [];
  /** The exit codes of what was typed, in order. */
  readonly codes: number[] = [];
  readonly #clock: NightClock;
  readonly #environment: Readonly<Record<string, string>>;
  #bot: NightBot | undefined;
  #port = '0';
  #earlierLog = '';

  private constructor(emulator: Emulator, clock: NightClock, environment: Readonly<Record<string, string>>) {
    this.emulator = emulator;
    this.#clock = clock;
    this.#environment = environment;
    clock.onMove = (time) => this.bot.moveTo(time);
  }

  /** Plays a night to its end, and stops all that it has started. */
  static async play<Result>(parts: NightParts, act: (night: Night) => Promise<Result>): Promise<Result> {
    const folder = mkdtempSync(join(tmpdir(), 'webex-connect-night-'));
    const clock = new NightClock();
    const emulator = await createEmulator({
      verificationToken: TOKEN,
      seed: 7,
      clock,
      answerExpectedWithinMs: JUDGE_WAITS_MS,
    });
    const night = new Night(emulator, clock, {
      WEBEX_CONNECT_STORE: parts.store ?? `sqlite:${join(folder, 'bot.db')}`,
      WEBEX_CONNECT_WEBHOOK_URL: emulator.webhookUrl,
      WEBEX_CONNECT_VERIFICATION_TOKEN: TOKEN,
      WEBEX_CONNECT_ACCESS_TOKEN: '',
      NIGHT_WORD: parts.word ?? '',
    });
    try {
      emulator.integration.edit({ botUrl: await night.startBot() });
      assert.ok(await emulator.integration.verify(), 'the bot could not be verified');
      // From here on it tries again when the night moves on, and not because this machine is slow.
      emulator.clock.pause();
      return await act(night);
    } finally {
      await night.#bot?.stop();
      await emulator.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The bot's latest process. */
  get bot(): NightBot {
    assert.ok(this.#bot !== undefined, 'no bot was started');
    return this.#bot;
  }

  /** All that the bot's processes have logged. */
  get log(): string {
    return this.#earlierLog + (this.#bot?.log ?? '');
  }

  /** Begins a process of the bot. */
  beginBot(changes: Readonly<Record<string, string>> = {}): NightBot {
    this.#earlierLog = this.log;
    const NIGHT_MOVED_BY_MS = String(this.#clock.movedByMs);
    this.#bot = new NightBot({ ...this.#environment, PORT: this.#port, NIGHT_MOVED_BY_MS, ...changes });
    return this.#bot;
  }

  /** Begins a process of the bot. Resolves with its endpoint when it listens. */
  async startBot(changes: Readonly<Record<string, string>> = {}): Promise<string> {
    const bot = this.beginBot(changes);
    const url = await Promise.race([bot.listening, bot.ended]);
    assert.ok(typeof url === 'string' && url.startsWith('http'), `the bot has ended: ${bot.log}`);
    this.#port = new URL(url).port;
    return url;
  }

  /** Hours pass, or seconds. */
  passes(milliseconds: number): Promise<void> {
    return this.emulator.clock.jump(milliseconds);
  }

  /** Somebody types what the page shows. @returns What it has printed, as it came. */
  async types(line: string): Promise<string> {
    return this.typesUntil(line, /^/);
  }

  /** Somebody types it again and again until it says what it should; the page shows the last. */
  async typesUntil(line: string, expected: RegExp): Promise<string> {
    const isAsked = line.endsWith(ECHO_OF_EXIT_CODE);
    const command = isAsked ? line.slice(0, -ECHO_OF_EXIT_CODE.length) : line;
    let ran = await this.#run(command);
    while (!expected.test(ran.output)) ran = await this.#run(command);
    const { output, code } = ran;
    const exitCode = isAsked ? `${code}\n` : '';
    this.typed.push({ line, output: this.#clock.asShown(shownText(output + exitCode)) });
    this.codes.push(code);
    return output;
  }

  /** Waits until all is answered that can be, and sums up. */
  async end(): Promise<NightFacts> {
    const violations = await this.emulator.judge.verdict();
    const { customers, wire } = this.emulator.world();
    const events = wire.flatMap((entry) => {
      if (entry.kind !== 'toBot' || entry.event !== 'Incoming message') return [];
      const { Message } = said.parse(JSON.parse(entry.body));
      return [[Message, entry.attempts.map(({ status = 'none' as const }) => status)] as const];
    });
    return {
      typed: this.typed,
      codes: this.codes,
      log: this.log,
      chats: Object.fromEntries(
        customers.map(({ name, chat }) => [name, chat.map(({ author, text }) => `${author}: ${text}`)]),
      ),
      events: Object.fromEntries(events),
      violations,
    };
  }

  /** The bot's own answer to `/health/ready`. */
  async health(): Promise<z.output<typeof health>> {
    return health.parse(await (await fetch(this.#url('/health/ready'))).json());
  }

  /** Resolves when the bot has nothing left to do. */
  async comesToRest(): Promise<void> {
    await until(() => this.isAtRest());
  }

  /** Whether the bot has nothing left to do, as far as its store tells. */
  async isAtRest(): Promise<boolean> {
    await this.emulator.idle();
    const { 'inbox:waiting': events, 'outbox:waiting': messages } = (await this.health()).checks;
    return events?.[0].observedValue === 0 && messages?.[0].observedValue === 0;
  }

  async #run(command: string): Promise<{ readonly output: string; readonly code: number }> {
    const [program, ...args] = command.split(' ');
    switch (program) {
      case 'webex-connect-bot':
        return this.#operate(args);
      case 'curl':
        return { output: await this.#ask(command), code: 0 };
      case 'grep':
        return this.#search(command);
      default:
        throw new Error(`'${command}' cannot be run here.`);
    }
  }

  async #operate(args: readonly string[]): Promise<{ readonly output: string; readonly code: number }> {
    const { code, stdout, stderr } = await runProcess(args, {
      ...this.#environment,
      NIGHT_MOVED_BY_MS: String(this.#clock.movedByMs),
      NODE_OPTIONS: PRELOAD.join(' '),
    });
    assert.ok(typeof code === 'number', `the command was ended by ${code}`);
    return { output: stdout + stderr, code };
  }

  /** `curl -s localhost:3978/health/ready | jq -r '.status, .notes[]'`, without the two having to be installed. */
  async #ask(command: string): Promise<string> {
    assert.equal(command, HEALTH);
    const { status, notes } = await this.health();
    return `${[status, ...notes].join('\n')}\n`;
  }

  /** `grep '…' bot.log`, `grep -A 3 '…' bot.log`: what matches, and so many lines after it. */
  #search(command: string): { readonly output: string; readonly code: number } {
    const [, after = '0', pattern = ''] = /^grep (?:-A (\d) )?'(.+)' bot\.log$/.exec(command) ?? [];
    assert.notEqual(pattern, '', `'${command}' cannot be run here.`);
    const lines = this.log.split('\n');
    const found = lines.flatMap((line, at) =>
      line.includes(pattern) ? lines.slice(at, at + 1 + Number(after)) : [],
    );
    return { output: found.map((line) => `${line}\n`).join(''), code: found.length > 0 ? 0 : 1 };
  }

  #url(path: string): string {
    return `http://127.0.0.1:${this.#port}${path}`;
  }
}

/** What is to be judged when the night is over. */
export interface NightFacts {
  readonly typed: readonly TypedCommand[];
  /** The exit codes of what was typed, in order. */
  readonly codes: readonly number[];
  readonly log: string;
  /** What each customer has written and read, by name: `author: text`. */
  readonly chats: Readonly<Record<string, readonly string[]>>;
  /** What the bot was sent: each event with the answers to its attempts, by its text. */
  readonly events: Readonly<Record<string, readonly (number | 'none')[]>>;
  /** What the judge has seen. */
  readonly violations: readonly Violation[];
}
