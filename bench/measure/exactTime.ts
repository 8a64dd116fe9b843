import { performance } from 'node:perf_hooks';

/** Milliseconds since the epoch, with fractions. Comparable between processes of one machine. */
export function exactNow(): number {
  return performance.timeOrigin + performance.now();
}
