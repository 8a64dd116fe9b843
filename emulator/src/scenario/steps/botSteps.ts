import { z } from 'zod';
import type { Stage } from '../stage';
import { type StepKind, stepKind } from '../stepKind';

/** What becomes of the bot's process. */
export const BOT_STEPS: readonly StepKind[] = [
  stepKind(['bot'], z.strictObject({ bot: z.enum(['down', 'up', 'restart']) }), ({ bot }) => ({
    title: `The bot: ${bot}`,
    run: (stage) => {
      if (bot === 'down') return goDown(stage);
      return bot === 'up' ? comeUp(stage) : restart(stage);
    },
  })),
];

async function goDown(stage: Stage): Promise<void> {
  if (stage.isBotDown) return;
  if (stage.hooks.stopBot !== undefined) {
    stage.emulator.judge.botEnds();
    stage.isBotDown = true;
    return stage.hooks.stopBot();
  }
  stage.notes.add('The bot was not stopped but cut off: nobody here can stop it.');
  stage.cutOff();
}

async function comeUp(stage: Stage): Promise<void> {
  if (stage.reconnect()) return;
  await stage.hooks.startBot?.();
  stage.emulator.judge.botRuns();
  stage.isBotDown = false;
}

async function restart(stage: Stage): Promise<void> {
  const { restartBot, stopBot, startBot } = stage.hooks;
  if (restartBot === undefined && (stopBot === undefined || startBot === undefined)) {
    stage.notes.add('The bot was not restarted: nobody here can restart it.');
    return;
  }
  stage.emulator.judge.botEnds();
  if (restartBot !== undefined) await stage.hooks.restartBot?.();
  else {
    // Down until it is up again, whichever of the two fails.
    stage.isBotDown = true;
    await stage.hooks.stopBot?.();
    await stage.hooks.startBot?.();
    stage.isBotDown = false;
  }
  stage.emulator.judge.botRuns();
}
