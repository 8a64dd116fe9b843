import { z } from 'zod';
import type { BotProcessSettings } from './botProcess';
import type { Life } from './handoverLives';
import { HandoverRun } from './handoverRun';
import { type HandoverVerdict, sumOf } from './handoverVerdict';
import type { Chapter } from './storyline';

/** What {@link killAtEveryBoundary} is told. */
export interface BoundaryRunSettings {
  /** A bot on a fresh store. */
  readonly makeBot: () => Promise<Pick<BotProcessSettings, 'store' | 'postgres' | 'options'>>;
  readonly replicas: number;
  readonly lives: readonly Life[];
  /** 1 for every boundary, 2 for every other one of those that are many. */
  readonly stride: number;
  /** How many bots, each on a store of its own, work at the same time. */
  readonly bots: number;
}

/** What came of it. */
export interface BoundaryRunOutcome {
  readonly verdict: HandoverVerdict;
  readonly retried: number;
  /** Where each process died, and where the conversation was then. */
  readonly deaths: readonly { readonly point: string; readonly chapter: Chapter }[];
}

/** So many commits of a kind are gone through one by one. */
const FEW = 6;

const commits = z.record(z.string(), z.number());

/**
 * Plays a life for each commit that such a life makes, before and after it, and kills a process there, once; another
 * one is started and the life goes on.
 */
export async function killAtEveryBoundary(settings: BoundaryRunSettings): Promise<BoundaryRunOutcome> {
  const points = await rehearse(settings);
  const deaths: BoundaryRunOutcome['deaths'][number][] = [];
  const work = async (_: unknown, index: number) => {
    const run = await HandoverRun.on(await settings.makeBot(), settings.replicas);
    try {
      await run.bots.start();
      for (let number = 0; ; number++) {
        const next = points.shift();
        if (next === undefined) break;
        const chapter = await dieAt(run, next.point, next.life, `bot-${index}-life-${number}`, number);
        // Commits that fall together in one life may not do so in another.
        if (chapter !== undefined) deaths.push({ point: next.point, chapter });
      }
      return { verdict: await run.verdict(), retried: run.platform.poster.retried };
    } finally {
      await run.end();
    }
  };
  const outcomes = await Promise.all(Array.from({ length: settings.bots }, work));
  return {
    verdict: sumOf(outcomes.map(({ verdict }) => verdict)),
    retried: outcomes.reduce((sum, { retried }) => sum + retried, 0),
    deaths,
  };
}

/** Lives without a death, to see what they commit. */
async function rehearse({ makeBot, replicas, lives, stride }: BoundaryRunSettings) {
  const points: { readonly point: string; readonly life: Life }[] = [];
  const run = await HandoverRun.on(await makeBot(), replicas);
  await run.bots.start();
  for (const [number, life] of lives.entries()) {
    const bot = run.bots.get(0);
    await bot.arm(undefined);
    await run.live(life, run.story(`rehearsal-${number}`));
    await run.settled();
    const counts = Object.entries(commits.parse(await bot.ask('/commits')));
    for (const [index, [boundary, count]] of counts.entries()) {
      const step = count < FEW ? 1 : Math.min(stride, count);
      for (let nth = 1 + ((index + number) % step); nth <= count; nth += step) {
        points.push({ point: `${boundary}:${nth}`, life });
      }
    }
  }
  await run.end();
  return points;
}

/** @returns Where the conversation was when the process died; `undefined` when it came through. */
async function dieAt(
  run: HandoverRun,
  point: string,
  life: Life,
  conversationId: string,
  slot: number,
): Promise<Chapter | undefined> {
  const victim = run.bots.get(slot);
  await victim.arm(point);
  const story = run.story(conversationId);
  const lived = run.live(life, story).then(() => run.settled());
  await Promise.race([victim.exited(), lived]);
  if (!victim.hasExited) await victim.arm(undefined);
  if (!victim.hasExited) return undefined;
  const { chapter } = story;
  run.bots.forget(victim);
  await run.bots.start();
  await lived;
  return chapter;
}
