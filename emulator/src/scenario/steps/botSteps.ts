import { z } from 'zod';
import type { Stage } from '../stage';
import { type StepKind, stepKind } from '../stepKind';

const CUT_OFF = 'bot: down';

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
  if (stage.hooks.stopBot !== undefined) {
    await stage.hooks.stopBot();
    stage.isBotDown = true;
    return;
  }
  stage.notes.add('The bot was not stopped but cut off: nobody here can stop it.');
  const { id } = stage.emulator.faults.add({ direction: 'toBot', effect: { kind: 'refuse' } });
  stage.nameFault(CUT_OFF, id);
}

async function comeUp(stage: Stage): Promise<void> {
  const cutOff = stage.takeFault(CUT_OFF);
  if (cutOff !== undefined) return stage.emulator.faults.remove(cutOff);
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
  await stage.hooks.stopBot?.();
  await stage.hooks.startBot?.();
}
