import type { Contender } from '../contenders';
import { type Spread, spreadOf } from '../measure/median';
import type { Plan } from '../plan';
import type { Stage } from './stage';

/** How fast an echo bot is, from the first event to the last reply. */
export interface Throughput {
  readonly messagesPerSecond: Spread;
  readonly cpuMsPerMessage: Spread;
  /** Under this load, where the engine counts them. */
  readonly transactionsPerMessage: number | undefined;
}

interface Round {
  readonly messagesPerSecond: number;
  readonly cpuMsPerMessage: number;
  readonly transactionsPerMessage: number | undefined;
}

/** Each round has every contender: a machine that grows slow meanwhile is slow for all. */
export async function measureThroughput(
  stage: Stage,
  plan: Plan,
  say: (text: string) => void,
): Promise<ReadonlyMap<Contender, Throughput>> {
  const rounds = new Map<Contender, Round[]>(plan.contenders.map((contender) => [contender, []]));
  for (let round = 1; round <= plan.rounds; round++) {
    for (const [contender, measured] of rounds) {
      const result = await measureRound(stage, plan, contender);
      measured.push(result);
      say(
        `round ${round} of ${plan.rounds}: ${contender} ${Math.round(result.messagesPerSecond)} messages/s`,
      );
    }
  }
  return new Map([...rounds].map(([contender, measured]) => [contender, summed(measured)]));
}

function measureRound(stage: Stage, plan: Plan, contender: Contender): Promise<Round> {
  return stage.withBot({ contender }, async (bot) => {
    const { connections, conversations } = plan;
    await stage.echoAll([bot], { count: plan.warmUpMessages, connections, conversations });
    const before = await bot.process.ask('usage', undefined);
    const messagesPerSecond = await stage.speed([bot], { count: plan.messages, connections, conversations });
    const after = await bot.process.ask('usage', undefined);
    const isCounted = before.commits !== undefined && after.commits !== undefined;
    return {
      messagesPerSecond,
      cpuMsPerMessage: (after.cpuMs - before.cpuMs) / plan.messages,
      transactionsPerMessage: isCounted ? (after.commits - before.commits) / plan.messages : undefined,
    };
  });
}

function summed(rounds: readonly Round[]): Throughput {
  return {
    messagesPerSecond: spreadOf(rounds.map(({ messagesPerSecond }) => messagesPerSecond)),
    cpuMsPerMessage: spreadOf(rounds.map(({ cpuMsPerMessage }) => cpuMsPerMessage)),
    transactionsPerMessage: rounds.at(-1)?.transactionsPerMessage,
  };
}
