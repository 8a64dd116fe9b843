import type { Clock } from '../emulatorApi';

/** Node's timers overflow above this and would fire at once. */
const LONGEST_NODE_TIMER_MS = 2_147_483_647;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(delayMs, callback) {
    const timeout = setTimeout(callback, Math.min(Math.max(delayMs, 0), LONGEST_NODE_TIMER_MS));
    return { cancel: () => clearTimeout(timeout) };
  },
};
