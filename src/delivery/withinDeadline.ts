import type { Clock } from '../clock';

/** What `work` came to within the time, or that it did not. It goes on all the same. */
export type WithinDeadline<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'late' };

/** Waits for `work`, but no longer than `milliseconds`. Never rejects. */
export function withinDeadline<Result>(
  clock: Clock,
  milliseconds: number,
  work: Result | Promise<Result>,
): Promise<WithinDeadline<Result>> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(milliseconds, () => resolve({ kind: 'late' }));
    Promise.resolve(work).then(
      (result) => {
        timer.cancel();
        resolve({ kind: 'done', result });
      },
      (error: unknown) => {
        timer.cancel();
        resolve({ kind: 'failed', error });
      },
    );
  });
}
