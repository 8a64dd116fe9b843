import {
  type CommandState,
  KEEP_COMMANDS_MS,
  type OperatorAnswer,
  type OperatorCommands,
  type SubmitTerms,
  type SubmittedCommand,
  type TakenCommand,
} from '../operatorCommands';

interface KeptCommand {
  readonly submitted: SubmittedCommand;
  readonly expiresAt: number;
  readonly state: Exclude<CommandState, { status: 'unknown' }>;
}

/** Commands between users of one store in one process. */
export class MemoryOperatorCommands implements OperatorCommands {
  readonly #mustBeOpen: () => void;
  readonly #kept = new Map<string, KeptCommand>();
  readonly #listeners = new Set<() => void>();

  /** @param mustBeOpen Throws while the store is closed. */
  constructor(mustBeOpen: () => void) {
    this.#mustBeOpen = mustBeOpen;
  }

  async submit(commands: readonly SubmittedCommand[], { now, expiresAfterMs }: SubmitTerms): Promise<void> {
    this.#mustBeOpen();
    for (const submitted of commands) {
      const expiresAt = now + expiresAfterMs;
      this.#kept.set(submitted.id, { submitted, expiresAt, state: { status: 'waiting' } });
    }
    for (const listener of this.#listeners) listener();
  }

  async take(limit: number, now: number): Promise<readonly TakenCommand[]> {
    this.#mustBeOpen();
    this.#prune(now);
    const taken = [...this.#kept.values()].filter(({ state }) => state.status === 'waiting').slice(0, limit);
    for (const command of taken) this.#set(command, { status: 'taken' });
    return taken.map(({ submitted }) => submitted);
  }

  async answer(id: string, answer: OperatorAnswer): Promise<void> {
    this.#mustBeOpen();
    const command = this.#kept.get(id);
    if (command !== undefined) this.#set(command, { status: 'answered', answer });
  }

  async states(ids: readonly string[]): Promise<readonly CommandState[]> {
    this.#mustBeOpen();
    return ids.map((id) => this.#kept.get(id)?.state ?? { status: 'unknown' });
  }

  async withdraw(ids: readonly string[]): Promise<readonly string[]> {
    this.#mustBeOpen();
    const withdrawn = ids.filter((id) => this.#kept.get(id)?.state.status === 'waiting');
    for (const id of withdrawn) this.#kept.delete(id);
    return withdrawn;
  }

  async forget(ids: readonly string[]): Promise<void> {
    this.#mustBeOpen();
    for (const id of ids) this.#kept.delete(id);
  }

  attend(listener: () => void): () => void {
    const told = () => listener();
    this.#listeners.add(told);
    told();
    return () => {
      this.#listeners.delete(told);
    };
  }

  #set(command: KeptCommand, state: KeptCommand['state']): void {
    this.#kept.set(command.submitted.id, { ...command, state });
  }

  #prune(now: number): void {
    for (const [id, { expiresAt, state }] of this.#kept) {
      const goesAt = state.status === 'waiting' ? expiresAt : expiresAt + KEEP_COMMANDS_MS;
      if (goesAt <= now) this.#kept.delete(id);
    }
  }
}
