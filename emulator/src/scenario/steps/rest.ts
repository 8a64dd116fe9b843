import type { Stage } from '../stage';

/**
 * Lets emulator and bot come to rest: what the bot still does may send something, which the emulator may answer with
 * an event. What waits for a retry that the clock does not bring, and a bot that hangs, count as rest when patience ends.
 */
export async function rest(stage: Stage): Promise<void> {
  await bounded(stage.emulator.idle(), stage.patienceMs);
  await bounded(stage.hooks.whenIdle?.() ?? Promise.resolve(), stage.patienceMs);
  await bounded(stage.emulator.idle(), stage.patienceMs);
}

async function bounded(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
