/** The platform's stamps have two digits of a second's fraction (Cisco's page *Third-Party Bot*, its payloads); ours have three. */
const PLATFORM_TICK_MS = 10;

/** A time of ours as the platform would stamp it: cut off. */
export function toPlatformTick(time: number): number {
  return Math.floor(time / PLATFORM_TICK_MS) * PLATFORM_TICK_MS;
}

/** Whether what the platform stamped so may have come after a time of ours: within one tick nobody knows. */
export function isAfter(stamp: number, time: number): boolean {
  return stamp >= toPlatformTick(time);
}

/** Whether it came after it in any case. */
export function isSurelyAfter(stamp: number, time: number): boolean {
  return isAfter(stamp, time + PLATFORM_TICK_MS);
}
