import type { Stage } from '../stage';

/**
 * Lets emulator and bot come to rest: what the bot still does may send something, which the emulator may answer with
 * an event. What waits for a retry that the clock does not bring, and a bot that hangs, count as rest when patience ends.
 */
export async function rest(stage: Stage): Promise<void> {
  await stage.patiently(stage.emulator.idle());
  await stage.patiently(stage.hooks.whenIdle?.() ?? Promise.resolve());
  await stage.patiently(stage.emulator.idle());
}
