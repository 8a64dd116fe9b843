/** What a log line may carry beside its message. Never a secret; message text only at `debug` (I9). */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Where the adapter writes its log lines. `console` fits as it is; for pino and winston there are
 * `fromPino` and `fromWinston`.
 */
export interface Logger {
  /** What helps to find a fault; may hold message text. */
  debug(message: string, fields?: LogFields): void;
  /** What happens now and then in normal life. */
  info(message: string, fields?: LogFields): void;
  /** What somebody should look at. */
  warn(message: string, fields?: LogFields): void;
  /** What somebody has to look at. */
  error(message: string, fields?: LogFields): void;
}

function ignore(): void {}

/** Says nothing. The default, so that a library never writes to a bot's output uninvited. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Shields the adapter from a logger that throws: a log line must never cost a message. */
export function guardLogger(logger: Logger): Logger {
  const guarded = (level: keyof Logger) => (message: string, fields?: LogFields) => {
    try {
      if (fields === undefined) logger[level](message);
      else logger[level](message, fields);
    } catch {
      // There is nowhere left to tell of it.
    }
  };
  return { debug: guarded('debug'), info: guarded('info'), warn: guarded('warn'), error: guarded('error') };
}
