import type { Args } from '../args';
import type { OptionSpecs } from '../command';

const SECOND = 1000;
const DEFAULT_SECONDS = 30;
const LONGEST_SECONDS = 3600;

/** Of commands that a running bot carries out. */
export const WAITING_OPTIONS = {
  wait: {
    type: 'string',
    value: '<seconds>',
    help: `how long to wait for a running bot; ${DEFAULT_SECONDS} by default`,
  },
} as const satisfies OptionSpecs;

/** Milliseconds to wait for a running bot. */
export function waitMsOf(args: Args): number {
  return (args.integer('wait', 1, LONGEST_SECONDS) ?? DEFAULT_SECONDS) * SECOND;
}
