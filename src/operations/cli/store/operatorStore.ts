import type { OperatorAnswer, OperatorCommand } from '../../../store/operatorCommands';
import type { StoreView } from '../../../store/storeView';

/** What became of a command of the operator's. */
export type Outcome =
  | OperatorAnswer
  /** No bot took it in time, and it was taken back: nothing was changed. */
  | { readonly status: 'withdrawn' }
  /** A bot took it and has not answered: whether it was carried out is not known. */
  | { readonly status: 'unanswered' }
  /** It takes a running bot, and none runs: nothing was changed. */
  | { readonly status: 'noBot' };

/** What bounds the carrying out of commands. */
export interface CarryOutTerms {
  /** Milliseconds to wait for a running bot, since it last answered. */
  readonly waitMs: number;
  /** Aborted when the operator has enough; what nobody has taken by then is withdrawn. */
  readonly signal: AbortSignal;
}

/** A store as an operator's command sees it, beside whatever bots run on it. */
export interface OperatorStore {
  /** For people: the engine and the place, never a password. */
  readonly name: string;
  readonly view: StoreView;
  /**
   * Carries out commands in their order, in whichever way is safe: through the running bot, or by itself.
   *
   * @returns An outcome for each, in their order.
   * @throws {StoreUnavailableError} when the store cannot be used.
   */
  carryOut(commands: readonly OperatorCommand[], terms: CarryOutTerms): Promise<readonly Outcome[]>;
  /** Bytes that are free where the store is; `undefined` when that cannot be told from here. */
  freeBytes(): Promise<number | undefined>;
  close(): Promise<void>;
}
