import { z } from 'zod';
import { createEmulator, type Emulator, emulatorOptionsFor, runScenario } from '../../emulator/src';
import { SampleProcess } from '../samples/support/sampleProcess';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { VERIFICATION_TOKEN } from './support/emulatedBot';
import { mustPass } from './support/mustPass';
import { readScenario } from './support/playScenario';

/** Those in which the bot goes down. */
const SCENARIOS = ['restart-in-mid-handover.yml', 'bot-down-for-half-an-hour.yml', 'inactive-and-back.yml'];
const SEED = 13;

const COUNT = z.tuple([z.object({ observedValue: z.number() })]);
const HEALTH = z.object({ checks: z.object({ 'inbox:waiting': COUNT, 'outbox:waiting': COUNT }) });

/** On the machine's own clock: what the emulator's jumps do to a bot that knows nothing of them is shown here too. */
describe('The contact-centre sample, as a process that is killed instead of stopped, passes', function () {
  this.timeout(120_000);

  const file = temporaryFiles();
  let emulator: Emulator;
  let sample: SampleProcess;

  afterEach(async () => {
    await sample.kill();
    await emulator.stop();
  });

  /** Resolves when the bot has noted the end of all that it knows of: what it has not, it may send again. */
  async function whenIdle(): Promise<void> {
    const health = await (await fetch(new URL('/health/ready', sample.url))).json();
    const { 'inbox:waiting': events, 'outbox:waiting': messages } = HEALTH.parse(health).checks;
    if (events[0].observedValue + messages[0].observedValue > 0) await whenIdle();
  }

  for (const name of SCENARIOS) {
    it(`the scenario ${name}`, async () => {
      const scenario = readScenario(name);
      emulator = await createEmulator({
        ...emulatorOptionsFor(scenario),
        seed: SEED,
        verificationToken: VERIFICATION_TOKEN,
      });
      const environment = {
        WEBEX_CONNECT_WEBHOOK_URL: emulator.webhookUrl,
        WEBEX_CONNECT_VERIFICATION_TOKEN: VERIFICATION_TOKEN,
        WEBEX_CONNECT_STORE: `sqlite:${file()}`,
      };
      sample = await SampleProcess.start('contact-centre', environment);
      const { port } = new URL(sample.url);
      emulator.integration.edit({ botUrl: sample.url });
      const result = await runScenario(emulator, scenario, {
        stopBot: async () => void (await sample.kill()),
        startBot: async () => {
          sample = await SampleProcess.start('contact-centre', { ...environment, PORT: port });
        },
        whenIdle,
      });
      mustPass(result);
    });
  }
});
