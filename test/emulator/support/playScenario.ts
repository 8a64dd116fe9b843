import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConversationState, type Storage, UserState } from 'botbuilder';
import {
  createEmulator,
  emulatorOptionsFor,
  parseScenario,
  runScenario,
  type Scenario,
  type ScenarioResult,
  type World,
} from '../../../emulator/src';
import { ContactCentreBot } from '../../../samples/contact-centre/contactCentreBot';
import type { DeliveryStore } from '../../../src';
import { SqliteStore } from '../../../src/sqlite';
import { EmulatedBot, type EmulatedBotParts, VERIFICATION_TOKEN } from './emulatedBot';
import { SettlingClock } from './settlingClock';

const FOLDER = join(__dirname, '..', '..', '..', 'emulator', 'scenarios');

/** The files of the scenarios that the emulator brings along. */
export const SCENARIOS: readonly string[] = readdirSync(FOLDER).filter((file) => file.endsWith('.yml'));

/** A scenario that the emulator brings along. */
export function readScenario(file: string): Scenario {
  return parseScenario(readFileSync(join(FOLDER, file), 'utf8'), file);
}

/** What became of a scenario. */
export interface Played {
  readonly result: ScenarioResult;
  /** At the end. */
  readonly world: World;
}

/** Who plays the bot, on what. */
export type Cast<Store extends DeliveryStore> = Omit<EmulatedBotParts<Store>, 'webhookUrl' | 'clock'>;

/** The contact-centre sample, on what `openStore` opens. */
export function contactCentreOn<Store extends DeliveryStore & Storage>(openStore: () => Store): Cast<Store> {
  return {
    openStore,
    makeLogic: (store) => {
      const bot = new ContactCentreBot(new ConversationState(store), new UserState(store));
      return (context) => bot.run(context);
    },
  };
}

/**
 * Plays a scenario with the contact-centre bot on the real adapter, on SQLite.
 *
 * @param path Of a database that is not there yet.
 */
export function playScenario(file: string, path: string, seed: number): Promise<Played> {
  return play(
    readScenario(file),
    contactCentreOn(() => new SqliteStore(path)),
    seed,
  );
}

/** Plays a scenario. Bot and emulator share a clock that only the scenario moves. A restart is a kill. */
export async function play<Store extends DeliveryStore>(
  scenario: Scenario,
  cast: Cast<Store>,
  seed: number,
): Promise<Played> {
  const clock = new SettlingClock();
  const emulator = await createEmulator({
    ...emulatorOptionsFor(scenario),
    seed,
    clock,
    verificationToken: VERIFICATION_TOKEN,
  });
  const bot = new EmulatedBot({ ...cast, webhookUrl: emulator.webhookUrl, clock });
  clock.whenSettled = () => bot.whenIdle();
  try {
    await bot.start();
    emulator.integration.edit({ botUrl: bot.url });
    const hooks = {
      stopBot: () => bot.stop(),
      startBot: () => bot.start(),
      restartBot: async () => {
        await bot.kill();
        await bot.start();
      },
      whenIdle: () => bot.whenIdle(),
    };
    const result = await runScenario(emulator, scenario, hooks, { seed });
    return { result, world: emulator.world() };
  } finally {
    await bot.stop();
    await emulator.stop();
  }
}
