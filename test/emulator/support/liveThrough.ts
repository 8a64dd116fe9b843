import assert from 'node:assert/strict';
import { EventFactory, type TurnContext } from 'botbuilder';
import type { Emulator } from '../../../emulator/src';
import type { DeliveryStore } from '../../../src';
import { SqliteStore } from '../../../src/sqlite';
import type { EmulatedBot } from './emulatedBot';
import type { RandomLife, Step } from './randomLife';
import { SettlingClock } from './settlingClock';
import { withEmulator } from './withEmulator';

/** Two ticks of the platform's stamps: without it, nobody could tell what came first. */
const BETWEEN_STEPS_MS = 20;
/** Real time that the bot is waited for when a fault has left it without an answer. */
const HANGS_AFTER_MS = 300;
/** Each with time for all retries of both sides. */
const CALM_ROUNDS = 3;
const TWO_HOURS_MS = 7_200_000;

/** Answers, sometimes twice; hands over at the word `agent`; would speak to the agent too, if it were let. */
async function talk(context: TurnContext): Promise<void> {
  const { type, name, text = '' } = context.activity;
  if (name === 'webexConnect.mirroredMessage') await context.sendActivity('May I help?');
  if (type !== 'message') return;
  if (text.includes('agent')) {
    await context.sendActivity('One moment.');
    await context.sendActivity(EventFactory.createHandoffInitiation(context, { topic: 'anything' }));
    return;
  }
  await context.sendActivity(`Echo: ${text}`);
  if (text === 'twice') await context.sendActivity('And once more.');
}

/**
 * Lives through it on the real adapter, and then through some hours of calm. The judge must have seen nothing, every
 * turn must have been completed, and nothing may wait.
 *
 * @param path Of a database that is not there yet.
 */
export async function liveThrough(
  { seed, dialect, steps, troubles }: RandomLife,
  path: string,
): Promise<void> {
  const clock = new SettlingClock(HANGS_AFTER_MS);
  const cast = {
    openStore: (): DeliveryStore => new SqliteStore(path),
    makeLogic: () => talk,
    // A process that is killed again and again is the test's doing: no turn is to be given up for it.
    options: { turns: { maxAttempts: 1_000_000 } },
  };
  await withEmulator({ seed, dialect, clock }, cast, async (emulator, bot) => {
    clock.whenSettled = () => bot.whenIdle();
    assert.ok(await emulator.integration.verify(), 'the bot was not verified');
    for (const { direction, effect, probability } of troubles) {
      emulator.faults.add({ direction, match: { probability }, effect });
    }
    for (const step of steps) {
      await take(step, emulator, bot);
      await emulator.clock.jump(BETWEEN_STEPS_MS);
    }
    await calmDown(emulator, bot);
    assert.deepEqual(emulator.judge.settle(), []);
    await mustBeDone(bot);
  });
}

async function take(step: Step, emulator: Emulator, bot: EmulatedBot<DeliveryStore>): Promise<void> {
  switch (step.kind) {
    case 'says':
      return emulator.customer(step.who).says(step.text);
    case 'taps':
      return emulator.customer(step.who).taps(step.text);
    case 'jump':
      return emulator.clock.jump(step.milliseconds);
    case 'rest':
      return rest(emulator, bot);
    case 'restart':
      emulator.judge.botEnds();
      await bot.kill();
      await bot.start();
      return emulator.judge.botRuns();
    case 'agent':
    case 'close':
      return serve(step, emulator);
  }
}

/** What an agent does with a customer who was handed over. */
async function serve(
  { kind, who }: { kind: 'agent' | 'close'; who: string },
  emulator: Emulator,
): Promise<void> {
  const { desk } = emulator.world();
  const waiting = desk.find(({ customerName, status }) => customerName === who && status !== 'closed');
  if (waiting === undefined) return;
  if (waiting.status === 'queued') emulator.desk.pickUp(who);
  if (kind === 'agent') return emulator.desk.says(who, 'Agent here');
  return emulator.desk.close(who);
}

async function rest(emulator: Emulator, bot: EmulatedBot<DeliveryStore>): Promise<void> {
  await emulator.idle();
  let limit: NodeJS.Timeout | undefined;
  const hangs = new Promise<void>((resolve) => {
    limit = setTimeout(resolve, HANGS_AFTER_MS);
  });
  await Promise.race([bot.whenIdle(), hangs]).finally(() => clearTimeout(limit));
}

/** No more faults; an integration that became inactive is edited and verified; and every retry has its time. */
async function calmDown(emulator: Emulator, bot: EmulatedBot<DeliveryStore>): Promise<void> {
  emulator.faults.clear();
  for (let round = 0; round < CALM_ROUNDS; round++) {
    await rest(emulator, bot);
    if (emulator.world().integration.status !== 'active') {
      emulator.integration.edit({});
      assert.ok(await emulator.integration.verify(), 'the bot was not verified again');
    }
    await rest(emulator, bot);
    await emulator.clock.jump(TWO_HOURS_MS);
  }
  await emulator.idle();
  await bot.whenIdle();
}

async function mustBeDone({ adapter }: EmulatedBot<DeliveryStore>): Promise<void> {
  const { store } = await adapter.health();
  assert.deepEqual([store?.waitingEvents, store?.waitingMessages], [0, 0], 'something waits');
  // What a fault has cut is no event.
  const quarantined = (await adapter.quarantine.list()).filter(({ kind }) => kind === 'event');
  assert.deepEqual(quarantined, []);
}
