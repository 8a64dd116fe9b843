import { cpus } from 'node:os';
import { type Contender, isDurable, OURS } from '../contenders';
import type { Latency } from '../measure/latency';
import type { Spread } from '../measure/median';
import type { Plan } from '../plan';
import {
  type Growth,
  measureAck,
  measureGrowth,
  measureOldRows,
  measureRecovery,
  measureTransactions,
  measureTwoReplicas,
  speedOf,
} from './single';
import type { Stage } from './stage';
import { measureThroughput, type Throughput } from './throughput';

/** Everything that one run has measured. What was left out by `--only` or the short mode is not there. */
export interface Figures {
  readonly plan: Plan;
  readonly machine: { readonly node: string; readonly cores: number; readonly model: string };
  readonly throughput: ReadonlyMap<Contender, Throughput>;
  readonly ack: ReadonlyMap<Contender, Latency>;
  readonly ackSlowTurns: ReadonlyMap<Contender, Latency>;
  readonly transactionsPerEcho: number | undefined;
  readonly oldRowsRatio: ReadonlyMap<Contender, Spread>;
  readonly growth: Growth | undefined;
  readonly recoveryMs: ReadonlyMap<Contender, number>;
  /** Messages per second in one conversation. */
  readonly hotConversation: ReadonlyMap<Contender, number>;
  /** Messages per second. */
  readonly twoReplicas: number | undefined;
}

type Say = (text: string) => void;

export async function measureAll(stage: Stage, plan: Plan, say: Say): Promise<Figures> {
  const ours = OURS.filter((name) => plan.contenders.includes(name));
  const durable = ours.filter(isDurable);
  const hasSqlite = ours.includes('sqlite');
  const decisive = plan.withExtras ? ours : ours.filter((name) => name === 'sqlite');
  const each = <Result>(
    what: string,
    names: readonly Contender[],
    measure: (name: Contender) => Promise<Result>,
  ) => measureEach(what, names, measure, say);

  return {
    plan,
    machine: { node: process.version, cores: cpus().length, model: cpus()[0]?.model ?? 'unknown' },
    throughput: await measureThroughput(stage, plan, say),
    ack: await each('acknowledgements', decisive, (name) => measureAck(stage, plan, name, 0)),
    ackSlowTurns: await each('acknowledgements while turns take long', decisive, (name) =>
      measureAck(stage, plan, name, plan.slowTurnMs),
    ),
    transactionsPerEcho: hasSqlite ? await measureTransactions(stage, plan) : undefined,
    oldRowsRatio: await each('throughput with old rows', plan.withExtras ? durable : decisive, (name) =>
      measureOldRows(stage, plan, name),
    ),
    growth: hasSqlite ? await measureGrowth(stage, plan) : undefined,
    recoveryMs: await each('recovery', plan.withExtras ? durable : [], (name) =>
      measureRecovery(stage, plan, name),
    ),
    hotConversation: await each('one hot conversation', plan.withExtras ? ours : [], (name) =>
      speedOf(stage, plan, { contender: name }, 1),
    ),
    twoReplicas:
      plan.withExtras && ours.includes('postgres') ? await measureTwoReplicas(stage, plan) : undefined,
  };
}

async function measureEach<Result>(
  what: string,
  names: readonly Contender[],
  measure: (name: Contender) => Promise<Result>,
  say: Say,
): Promise<ReadonlyMap<Contender, Result>> {
  const results = new Map<Contender, Result>();
  for (const name of names) {
    say(`${what}: ${name}`);
    results.set(name, await measure(name));
  }
  return results;
}
