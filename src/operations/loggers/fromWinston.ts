import type { LogFields, Logger } from '../../logger';

/** A winston logger, or a child of one, as far as it is used. */
export interface WinstonLike {
  /** The names of its levels: its own are npm's, but it can be given others. */
  readonly levels: Readonly<Record<string, number>>;
  /** Writes one entry. */
  log(entry: { level: string; message: string; [field: string]: unknown }): unknown;
}

/** What winston keeps in the same object as the fields; with its own `warn('…', fields)` they would be mixed up. */
const TAKEN = /^(level|message|timestamp|splat)$/;

/**
 * Lets the adapter log with winston. Where its levels are those of syslog, warnings are `warning`; a field whose name
 * winston needs for itself gets a `_` at its end.
 *
 * ```ts
 * const adapter = new WebexConnectAdapter({ webhookUrl, logger: fromWinston(logger.child({ part: 'webex-connect' })) });
 * ```
 */
export function fromWinston(winston: WinstonLike): Logger {
  const at = (level: string) => (message: string, fields?: LogFields) => {
    winston.log({ ...withoutTakenNames(fields ?? {}), level, message });
  };
  const warning = 'warn' in winston.levels ? 'warn' : 'warning';
  return { debug: at('debug'), info: at('info'), warn: at(warning), error: at('error') };
}

function withoutTakenNames(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [TAKEN.test(name) ? `${name}_` : name, value]),
  );
}
