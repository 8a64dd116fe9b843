import { realDelay } from '../clock/realDelay';
import type { ConductJudge } from '../judge/conductJudge';
import type { Violation } from '../world';
import type { Listeners } from './listeners';

/** Waits until there is nothing that the bot has still time for, and asks the judge. */
export async function verdict(
  judge: ConductJudge,
  listeners: Listeners,
  stopped: AbortSignal,
): Promise<readonly Violation[]> {
  for (;;) {
    judge.settle();
    const wait = judge.settledInMs;
    if (wait === undefined || stopped.aborted) return judge.violations;
    await changeWithin(wait + 1, listeners, stopped);
  }
}

async function changeWithin(milliseconds: number, listeners: Listeners, stopped: AbortSignal): Promise<void> {
  const isOver = new AbortController();
  const end = () => isOver.abort();
  const unsubscribe = listeners.add(end);
  stopped.addEventListener('abort', end);
  await realDelay(milliseconds, isOver.signal);
  unsubscribe();
  stopped.removeEventListener('abort', end);
}
