import { crowded, realDelay, timerDelay } from '../clock/realDelay';
import type { Customer, Emulator } from '../emulatorApi';
import type { Channel, CustomerView, Violation, ViolationRule, World } from '../world';
import type { ScenarioHooks } from './hooks';
import { StepFailure } from './stepFailure';
import { Watch } from './watch';

/** The emulator as a scenario plays on it. */
export type StagedEmulator = Omit<Emulator, 'url' | 'webhookUrl' | 'stop'>;

/** What the steps of one run share. */
export class Stage {
  readonly emulator: StagedEmulator;
  readonly hooks: ScenarioHooks;
  /** Milliseconds that an expectation has by default, of real time: that is what the bot runs on. */
  readonly patienceMs: number;
  /** What the report has to tell besides. */
  readonly notes = new Set<string>();
  /** Whether a step stopped the bot and none has started it again. */
  isBotDown = false;
  readonly #channels: ReadonlyMap<string, Channel>;
  readonly #signal: AbortSignal | undefined;
  readonly #watch: Watch;
  readonly #lastRead = new Map<string, string>();
  readonly #faults = new Map<string, string>();
  /** The fault that cuts the bot off. */
  #cutOff: string | undefined;
  readonly #expectedViolations = new Set<string>();

  constructor(
    emulator: StagedEmulator,
    hooks: ScenarioHooks,
    options: {
      channels: ReadonlyMap<string, Channel>;
      patienceMs: number;
      signal?: AbortSignal | undefined;
    },
  ) {
    this.emulator = emulator;
    this.hooks = hooks;
    this.patienceMs = options.patienceMs;
    this.#channels = options.channels;
    this.#signal = options.signal && crowded(options.signal);
    this.#watch = new Watch(emulator);
    // What was said before the scenario is not what it expects.
    for (const { name, chat } of emulator.world().customers) {
      const last = chat.at(-1);
      if (last !== undefined) this.hasRead(name, last.id);
    }
  }

  get world(): World {
    return this.#watch.world;
  }

  customer(name: string): Customer {
    return this.emulator.customer(name, this.#channels.get(name));
  }

  view(name: string): CustomerView {
    const { id } = this.customer(name);
    const view = this.world.customers.find((customer) => customer.id === id);
    if (view === undefined) throw new StepFailure(`The emulator knows no customer ${name}.`);
    return view;
  }

  conversationId(name: string): string {
    const { conversationId } = this.view(name);
    if (conversationId === undefined) throw new StepFailure(`${name} has no conversation yet.`);
    return conversationId;
  }

  /** The message after which a customer reads on. */
  lastRead(name: string): string | undefined {
    return this.#lastRead.get(name);
  }

  hasRead(name: string, messageId: string): void {
    this.#lastRead.set(name, messageId);
  }

  /** @throws StepFailure when there is one of this name. */
  nameFault(name: string, id: string): void {
    if (this.#faults.has(name)) throw new StepFailure(`There is a fault named ${name} already.`);
    this.#faults.set(name, id);
  }

  /** @returns The id of the fault, which then has no name any more. */
  takeFault(name: string): string | undefined {
    const id = this.#faults.get(name);
    this.#faults.delete(name);
    return id;
  }

  /** All of them are over, but a bot that was cut off stays so. */
  clearFaults(): void {
    this.emulator.faults.clear();
    this.#faults.clear();
    if (this.#cutOff !== undefined) this.#cutOff = this.#refuse();
  }

  /** Refuses the connections to a bot that cannot be stopped. */
  cutOff(): void {
    this.#cutOff ??= this.#refuse();
  }

  /** @returns Whether it was cut off. */
  reconnect(): boolean {
    if (this.#cutOff === undefined) return false;
    this.emulator.faults.remove(this.#cutOff);
    this.#cutOff = undefined;
    return true;
  }

  #refuse(): string {
    return this.emulator.faults.add({ direction: 'toBot', effect: { kind: 'refuse' } }).id;
  }

  /** The violations that no step has expected. */
  unexpected(violations: readonly Violation[]): Violation[] {
    return violations.filter(({ id }) => !this.#expectedViolations.has(id));
  }

  /** All violations of the rule so far are as the scenario wants them. @returns Whether there are any. */
  expectViolations(rule: ViolationRule): boolean {
    const found = this.emulator.judge.settle().filter((violation) => violation.rule === rule);
    for (const { id } of found) this.#expectedViolations.add(id);
    return found.length > 0;
  }

  /** @throws StepFailure when whoever runs the scenario has had enough. */
  checkInterruption(): void {
    if (this.#signal?.aborted === true) throw interrupted();
  }

  /** Runs `check` now and after each change, until it finds no problem. */
  async until(check: () => string | undefined, withinMs = this.patienceMs): Promise<void> {
    this.checkInterruption();
    if (check() === undefined) return;
    await new Promise<void>((resolve, reject) => {
      const finish = (act: () => void) => {
        clearTimeout(timer);
        this.#signal?.removeEventListener('abort', onAbort);
        unsubscribe();
        act();
      };
      const look = (): string | undefined => {
        try {
          const problem = check();
          if (problem === undefined) finish(resolve);
          return problem;
        } catch (error) {
          finish(() => reject(error));
          return undefined;
        }
      };
      const onAbort = () => finish(() => reject(interrupted()));
      this.#signal?.addEventListener('abort', onAbort);
      const unsubscribe = this.#watch.add(() => void look());
      const timer = setTimeout(() => {
        const problem = look();
        if (problem !== undefined) {
          finish(() => reject(new StepFailure(`${problem} (waited ${withinMs} ms)`)));
        }
      }, timerDelay(withinMs));
    });
  }

  /** Lets real time pass. @throws StepFailure when whoever runs the scenario has had enough. */
  async pause(milliseconds: number): Promise<void> {
    await realDelay(milliseconds, this.#signal);
    this.checkInterruption();
  }

  /** Waits for `work`, but not longer than patience lasts. @throws StepFailure when it was interrupted. */
  async patiently(work: Promise<unknown>): Promise<void> {
    const isDone = new AbortController();
    const patience = realDelay(this.patienceMs, isDone.signal);
    await this.uninterrupted(Promise.race([work, patience])).finally(() => isDone.abort());
  }

  /** What comes of `work`. @throws StepFailure when whoever runs the scenario has had enough before that. */
  async uninterrupted<T>(work: Promise<T>): Promise<T> {
    this.checkInterruption();
    const signal = this.#signal;
    if (signal === undefined) return work;
    let stopListening = () => {};
    const interruption = new Promise<never>((_resolve, reject) => {
      const onAbort = () => reject(interrupted());
      signal.addEventListener('abort', onAbort);
      stopListening = () => signal.removeEventListener('abort', onAbort);
    });
    return Promise.race([work, interruption]).finally(stopListening);
  }
}

function interrupted(): StepFailure {
  return new StepFailure('The run was interrupted.');
}
