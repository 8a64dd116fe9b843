import type { Runtime } from '../../../../src/operations/cli/doctor/checkRuntime';
import type { Probe } from '../../../../src/operations/cli/doctor/probe';
import { main, type World } from '../../../../src/operations/cli/main';
import type { OperatorStore } from '../../../../src/operations/cli/store/operatorStore';
import { SharedOperatorStore } from '../../../../src/operations/cli/store/sharedOperatorStore';
import { MemoryStore } from '../../../../src/store/memoryStore';
import type { StoreUser } from '../../../../src/store/operatorCommands';
import { ManualClock } from '../../../../src/testing';
import { T0 } from '../../../support/storeSamples';

/** What a command line came to. */
export interface CommandRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The bot's process, as a store names it. */
export const BOT: StoreUser = { role: 'bot', host: 'app-1', pid: 4711, since: T0 };

const PLACE = 'postgres://bot:a-password@db.example.com/bot';

/** Command lines on a store in memory, which passes for one that several processes share. */
export class CommandStage {
  readonly store = new MemoryStore();
  readonly clock: ManualClock;
  env: NodeJS.ProcessEnv = { WEBEX_CONNECT_STORE: PLACE };
  /** Who runs on the store. */
  users: StoreUser[] = [BOT];
  isTTY = false;
  runtime: Runtime = { nodeVersion: 'v22.11.0', versionOf: () => '4.23.3' };
  probe: Probe = async () => ({ kind: 'failed', code: 'ECONNREFUSED' });
  /** Aborts what runs, as Ctrl-C does. */
  interruption = new AbortController();
  /** Told of everything that is written. */
  onWrite: (text: string) => void = () => {};
  openStore: () => Promise<OperatorStore>;

  constructor(clock = new ManualClock(T0)) {
    this.clock = clock;
    const shared = { store: this.store, users: async () => this.users };
    this.openStore = async () => {
      await this.store.open();
      return new SharedOperatorStore('memory', shared, clock);
    };
  }

  async run(...args: string[]): Promise<CommandRun> {
    let [stdout, stderr] = ['', ''];
    const terminal = {
      env: this.env,
      write: (text: string) => {
        stdout += text;
        this.onWrite(text);
      },
      warn: (text: string) => {
        stderr += text;
      },
      isTTY: this.isTTY,
      isErrorTTY: this.isTTY,
      signal: this.interruption.signal,
    };
    const code = await main(args, terminal, this.#world());
    return { code, stdout, stderr };
  }

  /** The JSON that a command prints, which must end well. */
  async json(...args: string[]): Promise<unknown> {
    const { stdout } = await this.run(...args, '--json');
    return JSON.parse(stdout);
  }

  #world(): World {
    return {
      clock: this.clock,
      runtime: this.runtime,
      probe: (request) => this.probe(request),
      openStore: () => this.openStore(),
    };
  }
}

/** Moves the clock on while something waits for it. */
export async function whileTimePasses<Result>(clock: ManualClock, work: Promise<Result>): Promise<Result> {
  let isOver = false;
  const watched = work.finally(() => {
    isOver = true;
  });
  while (!isOver) await clock.advance(100);
  return watched;
}
