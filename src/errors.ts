/** The stable codes of every error this package throws. */
export type WebexConnectErrorCode =
  | 'WEBEX_CONNECT_CONFIGURATION'
  | 'WEBEX_CONNECT_NOT_SUPPORTED'
  | 'WEBEX_CONNECT_NOT_RUNNING'
  | 'WEBEX_CONNECT_INVALID_ACTIVITY'
  | 'WEBEX_CONNECT_HANDED_OVER'
  | 'WEBEX_CONNECT_STORE_CLOSED'
  | 'WEBEX_CONNECT_STORE_UNAVAILABLE'
  | 'WEBEX_CONNECT_STORE_IN_USE'
  | 'WEBEX_CONNECT_STORE_SCHEMA'
  | 'WEBEX_CONNECT_LEASE_LOST'
  | 'WEBEX_CONNECT_NOT_FOUND';

/**
 * Base of every error this package throws. Branch on {@link WebexConnectError.code}, which is stable; the
 * message is for people and says what to do next.
 */
export abstract class WebexConnectError extends Error {
  /** Tells the classes apart, and stays the same from version to version. */
  abstract readonly code: WebexConnectErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An option is missing or wrong. Thrown at construction, with the option's path in `path`. */
export class WebexConnectConfigurationError extends WebexConnectError {
  readonly code = 'WEBEX_CONNECT_CONFIGURATION';

  /**
   * @param path The option's path, such as `outbound.timeoutMs`.
   * @param owner What takes the option.
   */
  constructor(
    readonly path: string,
    reason: string,
    owner = 'WebexConnectAdapter',
  ) {
    super(`${owner} option '${path}': ${reason}`);
  }
}

/** The platform offers no way to do what was asked. */
export class WebexConnectNotSupportedError extends WebexConnectError {
  readonly code = 'WEBEX_CONNECT_NOT_SUPPORTED';
}

/** The adapter has been stopped, or is stopping. */
export class WebexConnectNotRunningError extends WebexConnectError {
  readonly code = 'WEBEX_CONNECT_NOT_RUNNING';
}

/** The bot sent an activity that cannot be delivered as it is. */
export class WebexConnectInvalidActivityError extends WebexConnectError {
  readonly code = 'WEBEX_CONNECT_INVALID_ACTIVITY';
}

/** An agent has the conversation, or is about to get it, and the bot may not speak in it (I6). */
export class WebexConnectHandedOverError extends WebexConnectError {
  readonly code = 'WEBEX_CONNECT_HANDED_OVER';

  /** @param conversationId The BOT conversation's ID. */
  constructor(readonly conversationId: string) {
    super(
      `The conversation is with an agent; nothing was sent. Wait for the event 'handoff.status' with the state ` +
        `'completed' or 'failed', or let HandoverMiddleware suppress what the bot says meanwhile.`,
    );
  }
}

/** The store was used before it was opened or after it was closed. */
export class StoreClosedError extends WebexConnectError {
  readonly code = 'WEBEX_CONNECT_STORE_CLOSED';

  constructor() {
    super('The store is not open. Call adapter.start() first, and do not use the adapter after stop().');
  }
}

/**
 * The store cannot be read or written now: the disk is full or read-only, the server is away. Nothing of the
 * call was stored. The store goes on by itself when the cause is gone.
 */
export class StoreUnavailableError extends WebexConnectError {
  readonly code = 'WEBEX_CONNECT_STORE_UNAVAILABLE';
}

/** Another process, or another store object of this one, works on the store, which knows only one owner. */
export class StoreInUseError extends WebexConnectError {
  readonly code = 'WEBEX_CONNECT_STORE_IN_USE';
}

/** The store was written by a newer version of this package. */
export class StoreSchemaError extends WebexConnectError {
  readonly code = 'WEBEX_CONNECT_STORE_SCHEMA';
}

/**
 * A worker wrote with a lease that is no longer its own: another worker has taken the work over, so what this
 * one wanted to write was refused.
 */
export class LeaseLostError extends WebexConnectError {
  readonly code = 'WEBEX_CONNECT_LEASE_LOST';

  constructor(what: string) {
    super(`The lease on ${what} was taken over; nothing was written. The new holder carries on.`);
  }
}

/** A dead letter, a quarantined event or a conversation with that id does not exist (any more). */
export class WebexConnectNotFoundError extends WebexConnectError {
  readonly code = 'WEBEX_CONNECT_NOT_FOUND';
}

/** Names and codes are single words; a bot may have set either to a sentence of the customer's. */
const WORD = /^[\w$.-]{1,64}$/;

/**
 * The name and code of anything thrown, such as `TypeError` or `Error ECONNREFUSED`: what a log line may show, for a
 * message may quote a customer (I9). Never throws.
 */
export function errorName(error: unknown): string {
  try {
    if (!(error instanceof Error)) return typeof error;
    const code = wordIn(error, 'code');
    const name = wordIn(error, 'name') ?? 'Error';
    return code === undefined ? name : `${name} ${code}`;
  } catch {
    return 'something that cannot be named';
  }
}

function wordIn(error: Error, key: 'name' | 'code'): string | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' && WORD.test(value) ? value : undefined;
}

/**
 * What a log line may say of anything thrown: the message of this package's own errors, which quote nobody, and name and
 * code of any other (I9).
 */
export function errorSummary(error: unknown): string {
  try {
    if (error instanceof WebexConnectError) return error.message;
  } catch {
    // It does not let itself be looked at.
  }
  return errorName(error);
}

/** The message of anything thrown, which may quote anybody: for whoever may read what was said, and for nobody else (I9). */
export function errorMessage(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'something that cannot be shown as text';
  }
}
