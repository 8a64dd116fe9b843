/**
 * Names of records that lie among the healths of destinations and are none: what the adapter notes of itself. No
 * message goes there, and no bridge may be called so.
 */
export const PLATFORM_RECORD = '@platform';
/** When Webex Connect has last called. */
export const LAST_CALL_RECORD = '@last-call';
/** Written to see whether the store can be written. */
export const PROBE_RECORD = '@probe';

const RESERVED = /^@/;

/** Whether no destination may have this name. */
export function isReservedDestination(name: string): boolean {
  return RESERVED.test(name);
}
