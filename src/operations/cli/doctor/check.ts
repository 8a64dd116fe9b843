/** What a check came to. `skipped`: there was nothing to look at. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'skipped';

/** One thing that was looked at. Never holds a secret. */
export interface Check {
  /** Stable: `endpoint.answer`. */
  readonly name: string;
  readonly status: CheckStatus;
  /** What was found. */
  readonly message: string;
  /** What to do; empty when there is nothing to do. */
  readonly advice: string;
}

export function ok(name: string, message: string): Check {
  return { name, status: 'ok', message, advice: '' };
}

export function warn(name: string, message: string, advice: string): Check {
  return { name, status: 'warn', message, advice };
}

export function fail(name: string, message: string, advice: string): Check {
  return { name, status: 'fail', message, advice };
}

export function skipped(name: string, message: string): Check {
  return { name, status: 'skipped', message, advice: '' };
}
