import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

/** Node's timers overflow above this and would fire at once. */
const LONGEST_NODE_TIMER_MS = 2_147_483_647;

/** Milliseconds that a timer of Node can be set to. */
export function timerDelay(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, 0), LONGEST_NODE_TIMER_MS);
}

/** A signal that hundreds may wait for at once, of which Node warns otherwise. */
export function crowded(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}

/** Lets real time pass, until `signal` ends it. */
export async function realDelay(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (milliseconds <= 0) return;
  await wait(timerDelay(milliseconds), undefined, { signal }).catch(() => undefined);
}
