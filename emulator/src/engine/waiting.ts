import { timerDelay } from '../clock/realDelay';

/** What a test waits for. */
export interface Wanted<T> {
  /** undefined while it is not there. */
  readonly find: () => T | undefined;
  /** Calls what it is given after each change that may bring it. Returns what ends that. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Of real time. */
  readonly withinMs: number;
  /** How the error begins when it does not come. */
  readonly complaint: string;
  /** What came in its place, for the error to tell. */
  readonly instead?: () => string;
}

/** Resolves with what is wanted, and rejects when the time for it is over, or when nothing can come any more. */
export function waitFor<T>(wanted: Wanted<T>, stopped: AbortSignal): Promise<T> {
  const { find, subscribe, withinMs, complaint, instead } = wanted;
  const found = find();
  if (found !== undefined) return Promise.resolve(found);
  const failed = (why: string) => new Error(`${complaint}${why}.`);
  const endedByStop = () => failed(': the emulator was stopped');
  if (stopped.aborted) return Promise.reject(endedByStop());
  return new Promise((resolve, reject) => {
    const finish = (act: () => void) => {
      clearTimeout(limit);
      unsubscribe();
      stopped.removeEventListener('abort', onStop);
      act();
    };
    const unsubscribe = subscribe(() => {
      const come = find();
      if (come !== undefined) finish(() => resolve(come));
    });
    const onStop = () => finish(() => reject(endedByStop()));
    stopped.addEventListener('abort', onStop);
    const limit = setTimeout(() => {
      const but = instead === undefined ? '' : `, but ${instead()}`;
      finish(() => reject(failed(` within ${withinMs} ms${but}`)));
    }, timerDelay(withinMs));
  });
}
