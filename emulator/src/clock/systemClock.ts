import type { Clock } from '../emulatorApi';
import { timerDelay } from './realDelay';

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(delayMs, callback) {
    const timeout = setTimeout(callback, timerDelay(delayMs));
    return { cancel: () => clearTimeout(timeout) };
  },
};
