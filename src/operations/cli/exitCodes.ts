/** What the command's exit code says to a script. Documented in docs/command-line.md. */
export const EXIT = {
  ok: 0,
  /** Something is wrong: unhealthy, a check failed, a change was refused. */
  wrong: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** What was named is not there. */
  notFound: 3,
  /** The store cannot be used, or no bot has answered. */
  unavailable: 4,
  /** Ctrl-C; as shells have it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
