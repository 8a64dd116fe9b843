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
    stage.emulator.judge.botEnds();
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
    await stage.hooks.stopBot?.();
    await stage.hooks.startBot?.();
  }
  stage.emulator.judge.botRuns();
}
