/** @import { ClockView } from '../../../src/world' */
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

/**
 * The emulator's clock, and when we heard of it.
 *
 * @typedef {{ view: ClockView, receivedAt: number }} HeardClock
 */

export const ClockContext = createContext(
  /** @type {HeardClock} */ ({ view: { now: 0, isPaused: true, nextRetryAt: undefined }, receivedAt: 0 }),
);

/** The time by the emulator's clock, which goes on between two words of the server. */
export function useNow() {
  const { view, receivedAt } = useContext(ClockContext);
  const [, tick] = useState(0);
  useEffect(() => {
    if (view.isPaused) return undefined;
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, [view.isPaused]);
  return view.isPaused ? view.now : view.now + (performance.now() - receivedAt);
}
