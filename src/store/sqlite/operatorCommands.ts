import type {
  CommandState,
  OperatorAnswer,
  OperatorCommands,
  OperatorRequests,
  SubmitTerms,
  SubmittedCommand,
  TakenCommand,
} from '../operatorCommands';
import type { OperatorCommandTable } from './operatorCommandTable';

/** How the commands in a database are reached. */
export interface OperatorCommandAccess {
  read<Result>(query: (commands: OperatorCommandTable) => Result): Result;
  write<Result>(operation: string, change: (commands: OperatorCommandTable) => Result): Promise<Result>;
}

/** An operator's side, of the owner's connection or of one beside it. */
export class SqliteOperatorRequests implements OperatorRequests {
  readonly #access: OperatorCommandAccess;

  constructor(access: OperatorCommandAccess) {
    this.#access = access;
  }

  async submit(commands: readonly SubmittedCommand[], terms: SubmitTerms): Promise<void> {
    await this.#access.write('submitCommands', (table) => table.submit(commands, terms));
  }

  async states(ids: readonly string[]): Promise<readonly CommandState[]> {
    return this.#access.read((table) => ids.map((id) => table.state(id)));
  }

  async withdraw(ids: readonly string[]): Promise<readonly string[]> {
    return this.#access.write('withdrawCommands', (table) => ids.filter((id) => table.withdraw(id)));
  }

  async forget(ids: readonly string[]): Promise<void> {
    await this.#access.write('forgetCommands', (table) => {
      for (const id of ids) table.forget(id);
    });
  }
}

/** Both sides, for the owner. */
export class SqliteOperatorCommands extends SqliteOperatorRequests implements OperatorCommands {
  readonly #access: OperatorCommandAccess;
  readonly #watch: OperatorCommands['attend'];
  readonly #listeners = new Set<() => void>();

  /** @param watch Tells of what other processes have left, and of what was left before. */
  constructor(access: OperatorCommandAccess, watch: OperatorCommands['attend']) {
    super(access);
    this.#access = access;
    this.#watch = watch;
  }

  override async submit(commands: readonly SubmittedCommand[], terms: SubmitTerms): Promise<void> {
    await super.submit(commands, terms);
    // Nobody notices what this process writes itself.
    for (const listener of this.#listeners) listener();
  }

  async take(limit: number, now: number): Promise<readonly TakenCommand[]> {
    if (!this.#access.read((table) => table.hasWaiting())) return [];
    return this.#access.write('takeCommands', (table) => table.take(limit, now));
  }

  async answer(id: string, answer: OperatorAnswer): Promise<void> {
    await this.#access.write('answerCommand', (table) => table.answer(id, answer));
  }

  attend(listener: () => void): () => void {
    const told = () => listener();
    this.#listeners.add(told);
    const stopWatching = this.#watch(told);
    return () => {
      this.#listeners.delete(told);
      stopWatching();
    };
  }
}
