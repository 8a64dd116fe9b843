import type { LogFields, Logger } from '../../logger';

/** How pino logs at one level. */
export type PinoMethod = (fields: LogFields, message: string) => void;

/** A pino logger, or a child of one, as far as it is used. */
export interface PinoLike {
  debug: PinoMethod;
  info: PinoMethod;
  warn: PinoMethod;
  error: PinoMethod;
}

/**
 * Lets the adapter log with pino, which takes the fields before the message. Levels and redaction are pino's own.
 *
 * ```ts
 * const adapter = new WebexConnectAdapter({ webhookUrl, logger: fromPino(pino().child({ part: 'webex-connect' })) });
 * ```
 */
export function fromPino(pino: PinoLike): Logger {
  return {
    debug: (message, fields = {}) => pino.debug(fields, message),
    info: (message, fields = {}) => pino.info(fields, message),
    warn: (message, fields = {}) => pino.warn(fields, message),
    error: (message, fields = {}) => pino.error(fields, message),
  };
}
