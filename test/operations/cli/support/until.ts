import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until it is so, however slow the machine is; mocha's limit ends a test in which it never is. */
export async function until(check: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await check())) await sleep(20);
}
