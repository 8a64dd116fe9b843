import assert from 'node:assert/strict';
import { HEALTH, Night, type NightFacts, PATIENCE_MS, STATUS } from './night';

const SECOND = 1000;
const WORD = 'parcel';

/** The second of the three worst nights: one customer's message ends the bot's process, each time its turn is run. */
export function playCrashLoop(): Promise<NightFacts> {
  return Night.play({ word: WORD }, async (night) => {
    const { emulator } = night;
    const ann = emulator.customer('Ann', 'WHATSAPP');
    const bob = emulator.customer('Bob', 'SMS');
    const cleo = emulator.customer('Cleo', 'FB');
    const dave = emulator.customer('Dave', 'SMS');
    await ann.says('Good morning');
    await ann.reads('Echo: Good morning', PATIENCE_MS);
    await night.comesToRest();

    emulator.judge.botEnds();
    await dave.says('My parcel has not come.');
    await night.bot.meets;
    await night.bot.crash();
    await night.types("grep 'TypeError:' bot.log");
    await night.types(STATUS);

    await ann.says('Are you open?');
    await crashesAgain(night);
    await bob.says('Can I pay by card?');
    await night.passes(2 * SECOND);
    await ann.says('Hello?');
    await crashesAgain(night);
    await cleo.says('Hi');
    await night.passes(2 * SECOND);
    await bob.says('Or by cash?');

    await night.startBot();
    emulator.judge.botRuns();
    await night.comesToRest();
    await night.types(HEALTH);
    await night.types(STATUS);
    const { integration } = emulator.world();
    assert.equal(integration.status, 'inactive', 'Webex Connect has not given up');
    await night.types('webex-connect-bot quarantine list');
    await night.types(`webex-connect-bot explain ${dave.conversationId}`);

    emulator.integration.edit({});
    assert.ok(await emulator.integration.verify());
    await emulator.idle();
    await night.comesToRest();

    // The fault is mended.
    await night.bot.stop();
    await night.startBot({ NIGHT_WORD: '' });
    await night.types('webex-connect-bot quarantine replay --all; echo $?');
    await dave.reads('Echo: My parcel has not come.', PATIENCE_MS);
    await night.comesToRest();
    await night.types(STATUS);
    return night.end();
  });
}

/** The supervisor starts it, and it gets as far as that message. */
async function crashesAgain(night: Night): Promise<void> {
  const bot = night.beginBot();
  await bot.meets;
  await bot.crash();
}
