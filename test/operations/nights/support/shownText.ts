import { hostname } from 'node:os';

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
/** A time as commands and health print it. */
export const TIME = /\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{3})?Z/g;
/** A pool whose server has gone fails at once, or after a while: that depends on what its connections were doing. */
const STORE_IS_LOST = /the store does not answer: (no answer within <so long>|StoreUnavailableError \w+) \(/g;
const LENGTH = /\b\d+ (ms|s|min|h|d)\b/g;

/** What a command has printed, as a page shows it: paths, machines, processes and ports of the run have stand-ins. */
export function shownText(output: string): string {
  return output
    .replaceAll(hostname(), 'app-1')
    .replace(/\bprocess \d+/g, 'process 4711')
    .replace(/SQLite \S+bot\.db/g, 'SQLite bot.db')
    .replace(/127\.0\.0\.1:\d+\/\w+/g, 'db.example.com:5432/bot');
}

/**
 * What is the same in each run, however slow the machine is: no ids, no times, no lengths of time. Lines are in the order
 * of the alphabet and each once, for a turn may end before or after its reply was delivered, and there may be one probe
 * more or less.
 */
export function shapeOf(output: string): string[] {
  const lines = output
    .replace(UUID, '<id>')
    .replace(TIME, '<time>')
    .replace(LENGTH, '<so long>')
    .replace(STORE_IS_LOST, 'the store does not answer: <in one way or the other> (')
    .replace(/\d+ consecutive failures;/g, '<n> consecutive failures;')
    .split('\n')
    .map((line) => line.replace(/ {2,}/g, '  '));
  return [...new Set(lines)].sort();
}
