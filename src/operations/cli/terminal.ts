/** The world outside of a command. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  /** Writes to standard output. */
  write(text: string): void;
  /** Writes to standard error. */
  warn(text: string): void;
  /** Whether a person looks at standard output, and at standard error. */
  readonly isTTY: boolean;
  readonly isErrorTTY: boolean;
  /** Aborted when the user wants the command to end. */
  readonly signal: AbortSignal;
}
