import { type Clock, sleep } from '../clock';
import { LeaseLostError, StoreClosedError } from '../errors';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/** Whether the work is no longer this worker's: another one, or the next start, takes it over. */
export function isTakenOver(error: unknown): boolean {
  return error instanceof LeaseLostError || error instanceof StoreClosedError;
}

/**
 * Writes what has happened already, and so must not be lost: tries until the store takes it. A lost lease and a
 * closed store end it, for then another worker, or the next start, takes the work over.
 */
export async function persist<Result>(
  clock: Clock,
  write: () => Promise<Result>,
  onFailure: (error: unknown) => void,
): Promise<Result> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await write();
    } catch (error) {
      if (isTakenOver(error)) throw error;
      onFailure(error);
      await sleep(clock, pauseMs);
    }
  }
}
