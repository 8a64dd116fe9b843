/** The world outside of a command. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  /** One line on standard output. */
  print(line: string): void;
  /** One line on standard error. */
  warn(line: string): void;
  /** Resolves when the user wants the command to end. */
  readonly stopped: Promise<void>;
}
