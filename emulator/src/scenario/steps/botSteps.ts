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
    stage.isBotDown = true;
    return stage.hooks.stopBot();
  }
  stage.notes.add('The bot was not stopped but cut off: nobody here can stop it.');
  stage.cutOff();
}

async function comeUp(stage: Stage): Promise<void> {
  if (stage.reconnect()) return;
  await stage.hooks.startBot?.();
  stage.isBotDown = false;
}

async function restart(stage: Stage): Promise<void> {
  const { restartBot, stopBot, startBot } = stage.hooks;
  if (restartBot !== undefined) return stage.hooks.restartBot?.();
  if (stopBot === undefined || startBot === undefined) {
    stage.notes.add('The bot was not restarted: nobody here can restart it.');
    return;
  }
  // Down until it is up again, whichever of the two fails.
  stage.isBotDown = true;
  await stage.hooks.stopBot?.();
  await stage.hooks.startBot?.();
  stage.isBotDown = false;
}
