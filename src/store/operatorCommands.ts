/** What an operator asks of a bot that runs on the store. It carries it out as its own `adapter.deadLetters` would. */
export type OperatorCommand =
  /** Asks for an answer and nothing else. */
  | { readonly kind: 'ping' }
  | { readonly kind: 'replayDeadLetter' | 'discardDeadLetter'; readonly id: string }
  | { readonly kind: 'replayQuarantined' | 'discardQuarantined'; readonly id: string }
  | { readonly kind: 'tie'; readonly agentConversationId: string; readonly botConversationId: string }
  | { readonly kind: 'reactivate'; readonly destination: string };

/** What the bot says of a command. */
export type OperatorAnswer =
  | { readonly status: 'done' }
  /** It was left undone; `code` is that of the error. */
  | { readonly status: 'refused'; readonly code: string; readonly message: string };

/** A command as it lies in the store. */
export interface SubmittedCommand {
  /** Unique; made by the operator's side. */
  readonly id: string;
  readonly command: OperatorCommand;
}

/** A command that was handed out. */
export interface TakenCommand {
  readonly id: string;
  /** `undefined` when an operator of another version has asked for something that this one does not know. */
  readonly command: OperatorCommand | undefined;
}

/** What has become of a command. */
export type CommandState =
  | { readonly status: 'waiting' }
  /** A bot has it, and has not answered yet. */
  | { readonly status: 'taken' }
  | { readonly status: 'answered'; readonly answer: OperatorAnswer }
  /** It was withdrawn, has expired, or was never submitted. */
  | { readonly status: 'unknown' };

/** When a command was submitted, and for how long it may wait. Milliseconds. */
export interface SubmitTerms {
  readonly now: number;
  /** One that nobody has taken by then is never carried out: what was asked yesterday must not happen today. */
  readonly expiresAfterMs: number;
}

/** Where an operator's process leaves what a running bot is to do, and finds the answers. */
export interface OperatorRequests {
  /** Leaves commands, to be taken in this order. */
  submit(commands: readonly SubmittedCommand[], terms: SubmitTerms): Promise<void>;
  /** What has become of commands, in the order of `ids`. */
  states(ids: readonly string[]): Promise<readonly CommandState[]>;
  /**
   * Takes back what nobody has taken.
   *
   * @returns The ids of those that will not be carried out any more.
   */
  withdraw(ids: readonly string[]): Promise<readonly string[]>;
  /** Removes what was answered and read. */
  forget(ids: readonly string[]): Promise<void>;
}

/**
 * The same, with the bot's side of it. A command is handed out once, and so carried out at most once: should the bot
 * die in between, it stays without an answer.
 */
export interface OperatorCommands extends OperatorRequests {
  /** Hands out up to `limit` commands, oldest first, that nobody has taken and that have not expired by `now`. */
  take(limit: number, now: number): Promise<readonly TakenCommand[]>;
  /** Says what became of a command that was taken. One that is not there any more is let be. */
  answer(id: string, answer: OperatorAnswer): Promise<void>;
  /**
   * Calls `listener` when there may be commands to take, also for those that were left before.
   *
   * @returns What ends it.
   */
  attend(listener: () => void): () => void;
}

/** Commands that were taken or answered are kept for so long, in milliseconds, for an operator's process to read. */
export const KEEP_COMMANDS_MS = 60 * 60 * 1000;

/** A process that works on a store. What cannot be told is `undefined`. */
export interface StoreUser {
  /** A bot, or an operator's command that changes something while no bot runs. */
  readonly role: 'bot' | 'command';
  readonly host: string | undefined;
  readonly pid: number | undefined;
  /** Milliseconds since the epoch. */
  readonly since: number | undefined;
}
