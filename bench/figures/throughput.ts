import type { Contender } from '../contenders';
import type { ServerUsage } from '../measure/databaseServer';
import { type Spread, spreadOf } from '../measure/median';
import type { Plan } from '../plan';
import type { Stage } from './stage';

/** How fast an echo bot is, from the first event to the last reply. */
export interface Throughput {
  readonly messagesPerSecond: Spread;
  readonly cpuMsPerMessage: Spread;
  /** Under this load, where the engine counts them. */
  readonly transactionsPerMessage: number | undefined;
  readonly server: ServerCost | undefined;
}

/** What a message costs the database's server. */
export interface ServerCost {
  readonly cpuMsPerMessage: number | undefined;
  readonly walBytesPerMessage: number;
  readonly transactionsPerMessage: number;
}

interface Round {
  readonly messagesPerSecond: number;
  readonly cpuMsPerMessage: number;
  readonly transactionsPerMessage: number | undefined;
  readonly server: ServerCost | undefined;
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
    await bot.process.ask('idle', undefined);
    const before = await bot.process.ask('usage', undefined);
    const serverBefore = await stage.serverUsage(contender);
    const messagesPerSecond = await stage.speed([bot], { count: plan.messages, connections, conversations });
    await bot.process.ask('idle', undefined);
    const after = await bot.process.ask('usage', undefined);
    const serverAfter = await stage.serverUsage(contender);
    const isCounted = before.commits !== undefined && after.commits !== undefined;
    return {
      messagesPerSecond,
      cpuMsPerMessage: (after.cpuMs - before.cpuMs) / plan.messages,
      transactionsPerMessage: isCounted ? (after.commits - before.commits) / plan.messages : undefined,
      server: costOf(serverBefore, serverAfter, plan.messages),
    };
  });
}

function costOf(
  before: ServerUsage | undefined,
  after: ServerUsage | undefined,
  messages: number,
): ServerCost | undefined {
  if (before === undefined || after === undefined) return undefined;
  const isSeen = before.cpuMs !== undefined && after.cpuMs !== undefined;
  return {
    cpuMsPerMessage: isSeen ? (after.cpuMs - before.cpuMs) / messages : undefined,
    walBytesPerMessage: (after.walBytes - before.walBytes) / messages,
    transactionsPerMessage: (after.transactions - before.transactions) / messages,
  };
}

function summed(rounds: readonly Round[]): Throughput {
  return {
    messagesPerSecond: spreadOf(rounds.map(({ messagesPerSecond }) => messagesPerSecond)),
    cpuMsPerMessage: spreadOf(rounds.map(({ cpuMsPerMessage }) => cpuMsPerMessage)),
    transactionsPerMessage: rounds.at(-1)?.transactionsPerMessage,
    server: summedCosts(rounds.flatMap(({ server }) => server ?? [])),
  };
}

function summedCosts(costs: readonly ServerCost[]): ServerCost | undefined {
  if (costs.length === 0) return undefined;
  const cpu = costs.flatMap(({ cpuMsPerMessage }) => cpuMsPerMessage ?? []);
  return {
    cpuMsPerMessage: cpu.length === 0 ? undefined : spreadOf(cpu).median,
    walBytesPerMessage: spreadOf(costs.map(({ walBytesPerMessage }) => walBytesPerMessage)).median,
    transactionsPerMessage: spreadOf(costs.map(({ transactionsPerMessage }) => transactionsPerMessage))
      .median,
  };
}
