import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConversationState, type Storage, UserState } from 'botbuilder';
import {
  emulatorOptionsFor,
  parseScenario,
  runScenario,
  type Scenario,
  type ScenarioResult,
  type World,
} from '../../../emulator/src';
import { ContactCentreBot } from '../../../samples/contact-centre/contactCentreBot';
import type { DeliveryStore, WebexConnectAdapter } from '../../../src';
import { SqliteStore } from '../../../src/sqlite';
import { SettlingClock } from './settlingClock';
import { type Cast, withEmulator } from './withEmulator';

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
  /** What the adapter has collated of each customer's conversation: `author: text`. */
  readonly transcripts: Readonly<Record<string, readonly string[]>>;
}

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
  return withEmulator({ ...emulatorOptionsFor(scenario), seed, clock }, cast, async (emulator, bot) => {
    clock.whenSettled = () => bot.whenIdle();
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
    const world = emulator.world();
    return { result, world, transcripts: await transcriptsOf(world, bot.adapter) };
  });
}

async function transcriptsOf(
  { customers }: World,
  { conversations }: WebexConnectAdapter,
): Promise<Played['transcripts']> {
  const transcripts = customers.map(async ({ name, conversationId = '' }) => {
    const lines = await conversations.transcript(conversationId);
    return [name, lines.map(({ author, text }) => `${author}: ${text}`)];
  });
  return Object.fromEntries(await Promise.all(transcripts));
}
