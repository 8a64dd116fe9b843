import { HEALTH, Night, type NightFacts, PATIENCE_MS, STATUS } from './night';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The first of the three worst nights: for two hours Webex Connect takes nothing that the bot sends. */
export function playWebexConnectDown(): Promise<NightFacts> {
  return Night.play({}, async (night) => {
    const { emulator } = night;
    const ann = emulator.customer('Ann', 'WHATSAPP');
    const bob = emulator.customer('Bob', 'SMS');
    const cleo = emulator.customer('Cleo', 'FB');
    await ann.says('Good morning');
    await ann.reads('Echo: Good morning', PATIENCE_MS);
    await night.comesToRest();
    await night.types(STATUS);

    const outage = emulator.faults.add({ direction: 'fromBot', effect: { kind: 'status', status: 503 } });
    await ann.says('Where is my parcel?');
    await night.passes(SECOND);
    await bob.says('Are you open?');
    await night.passes(SECOND);
    await cleo.says('Can I pay by card?');
    await night.passes(10 * SECOND);
    await night.types("grep 'inactive' bot.log");
    await night.types(HEALTH);
    await night.types(STATUS);
    await night.types(`webex-connect-bot explain ${ann.conversationId}`);

    await night.passes(30 * MINUTE);
    await ann.says('Is anybody there?');
    await night.passes(30 * MINUTE);
    // What is ill cannot reach the bot either: the platform tries again after one minute and after five.
    const lost = { match: { customer: 'Cleo', times: 2 }, effect: { kind: 'refuse' } } as const;
    emulator.faults.add({ direction: 'toBot', ...lost });
    await cleo.says('Or by cash?');
    await night.passes(30 * MINUTE);
    await bob.says('Never mind.');
    await night.passes(30 * MINUTE);
    await night.types(STATUS);
    await night.types('webex-connect-bot dead-letters list');

    emulator.faults.remove(outage.id);
    await night.types('webex-connect-bot reactivate; echo $?');
    await night.comesToRest();
    await night.types(STATUS);
    await night.types(`webex-connect-bot explain ${ann.conversationId} --since 5m`);
    return night.end();
  });
}
