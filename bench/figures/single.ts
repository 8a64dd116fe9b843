import type { Contender } from '../contenders';
import { exactNow } from '../measure/exactTime';
import type { Latency } from '../measure/latency';
import { type Spread, spreadOf } from '../measure/median';
import { type Point, slopeOf } from '../measure/slope';
import type { Plan } from '../plan';
import type { Setting, Stage } from './stage';

/** How long Webex Connect waits for its answer, at a fixed rate. */
export function measureAck(stage: Stage, plan: Plan, contender: Contender, turnMs: number): Promise<Latency> {
  return stage.withBot({ contender, turnMs }, async (bot) => {
    const { openLoopPerSecond, openLoopSeconds, slowTurnWarmUpSeconds } = plan;
    const warmUpSeconds = turnMs > 0 ? slowTurnWarmUpSeconds : 1;
    await stage.knock(bot, openLoopPerSecond * warmUpSeconds, openLoopPerSecond);
    const { latency } = await stage.knock(bot, openLoopPerSecond * openLoopSeconds, openLoopPerSecond);
    if (turnMs > 0) bot.process.kill();
    return latency;
  });
}

/** Transactions per echo when there is only one at a time, and so nothing to group. */
export function measureTransactions(stage: Stage, plan: Plan): Promise<number> {
  return stage.withBot({ contender: 'sqlite' }, async (bot) => {
    const before = await bot.process.ask('usage', undefined);
    for (let n = 0; n < plan.echoesOneByOne; n++) {
      await stage.echoAll([bot], { count: 1, connections: 1, conversations: 1 });
      await bot.process.ask('idle', undefined);
    }
    const after = await bot.process.ask('usage', undefined);
    return ((after.commits ?? Number.NaN) - (before.commits ?? Number.NaN)) / plan.echoesOneByOne;
  });
}

/** Throughput with so many ended rows in the store, as a part of that of an empty one, by turns. */
export async function measureOldRows(stage: Stage, plan: Plan, contender: Contender): Promise<Spread> {
  const full = await stage.newStore(contender);
  await stage.withBot({ contender, store: full, oldRows: plan.oldRows }, async () => undefined);
  await stage.tidyUp(contender);
  const speedWith = {
    none: () => speedOf(stage, plan, { contender }),
    all: () => speedOf(stage, plan, { contender, store: full }),
  };
  const ratios: number[] = [];
  for (let round = 0; round < plan.oldRowsRounds; round++) {
    // Each comes first every other time: a machine grows warm, or tired.
    const turns = round % 2 === 0 ? (['none', 'all'] as const) : (['all', 'none'] as const);
    const measured = { none: Number.NaN, all: Number.NaN };
    for (const rows of turns) measured[rows] = await speedWith[rows]();
    ratios.push(measured.all / measured.none);
  }
  return spreadOf(ratios);
}

/** Messages per second. */
export function speedOf(
  stage: Stage,
  plan: Plan,
  setting: Setting,
  conversations: number = plan.conversations,
): Promise<number> {
  return stage.withBot(setting, async (bot) => {
    const load = { connections: plan.connections, conversations };
    await stage.echoAll([bot], { ...load, count: plan.warmUpMessages });
    return stage.speed([bot], { ...load, count: plan.messages });
  });
}

/** How the memory grows. */
export interface Growth {
  readonly messages: number;
  readonly rssSlope: number;
  readonly heapSlope: number;
  readonly rssAtEnd: number;
}

/** Bytes that each message leaves behind, after a warm-up. */
export function measureGrowth(stage: Stage, plan: Plan): Promise<Growth> {
  return stage.withBot({ contender: 'sqlite' }, async (bot) => {
    const { connections, conversations, longRunWarmUpMessages, longRunMessages, longRunSamples } = plan;
    await stage.echoAll([bot], { count: longRunWarmUpMessages, connections, conversations });
    const count = Math.round(longRunMessages / longRunSamples);
    const rss: Point[] = [];
    const heap: Point[] = [];
    for (let sample = 1; sample <= longRunSamples; sample++) {
      await stage.echoAll([bot], { count, connections, conversations });
      const { rssBytes, heapBytes } = await bot.process.ask('memory', undefined);
      rss.push({ x: sample * count, y: rssBytes });
      heap.push({ x: sample * count, y: heapBytes });
    }
    return {
      messages: longRunMessages,
      rssSlope: slopeOf(rss),
      heapSlope: slopeOf(heap),
      rssAtEnd: rss.at(-1)?.y ?? Number.NaN,
    };
  });
}

/** Milliseconds from the start of a process until it has worked off what waited. */
export async function measureRecovery(stage: Stage, plan: Plan, contender: Contender): Promise<number> {
  await stage.expectReplies();
  const startedAt = exactNow();
  return stage.withBot({ contender, waitingEvents: plan.waitingMessages }, async () => {
    return (await stage.repliesUntil(plan.waitingMessages)) - startedAt;
  });
}

/** Messages per second of two replicas on one PostgreSQL. */
export async function measureTwoReplicas(stage: Stage, plan: Plan): Promise<number> {
  const store = await stage.newStore('postgres');
  return stage.withBot({ contender: 'postgres', store }, (first) =>
    stage.withBot({ contender: 'postgres', store }, async (second) => {
      const load = { connections: plan.connections, conversations: plan.conversations };
      await stage.echoAll([first, second], { ...load, count: plan.warmUpMessages });
      return stage.speed([first, second], { ...load, count: plan.messages });
    }),
  );
}
