import type { Contender } from './contenders';

/** How much is measured. */
export interface Plan {
  readonly mode: 'full' | 'short';
  readonly contenders: readonly Contender[];
  /** Rounds of the throughput, in each of which every contender has its turn. */
  readonly rounds: number;
  readonly warmUpMessages: number;
  readonly messages: number;
  readonly connections: number;
  readonly conversations: number;
  readonly echoesOneByOne: number;
  readonly openLoopPerSecond: number;
  readonly openLoopSeconds: number;
  readonly slowTurnMs: number;
  /** Before slow turns are measured. Long enough for the first to end, if any ends while they are measured. */
  readonly slowTurnWarmUpSeconds: number;
  readonly oldRows: number;
  readonly oldRowsRounds: number;
  /** Before the memory is measured: caches fill, code is compiled, and a process takes what it needs. */
  readonly longRunWarmUpMessages: number;
  readonly longRunMessages: number;
  readonly longRunSamples: number;
  readonly waitingMessages: number;
  /** Figures that take long and decide nothing: one hot conversation, two replicas, recovery. */
  readonly withExtras: boolean;
}

const COMMON = {
  connections: 64,
  conversations: 1000,
  openLoopPerSecond: 1000,
  slowTurnMs: 30_000,
} as const;

export const FULL_PLAN: Omit<Plan, 'contenders'> = {
  ...COMMON,
  mode: 'full',
  rounds: 5,
  warmUpMessages: 3000,
  messages: 15_000,
  echoesOneByOne: 500,
  openLoopSeconds: 30,
  slowTurnWarmUpSeconds: 32,
  oldRows: 1_000_000,
  oldRowsRounds: 7,
  longRunWarmUpMessages: 500_000,
  longRunMessages: 1_000_000,
  longRunSamples: 40,
  waitingMessages: 100_000,
  withExtras: true,
};

/** The same figures in less than a minute; less exact. */
export const SHORT_PLAN: Omit<Plan, 'contenders'> = {
  ...COMMON,
  mode: 'short',
  rounds: 1,
  warmUpMessages: 1500,
  messages: 4000,
  echoesOneByOne: 50,
  openLoopSeconds: 3,
  slowTurnWarmUpSeconds: 1,
  oldRows: 20_000,
  oldRowsRounds: 1,
  longRunWarmUpMessages: 2000,
  longRunMessages: 6000,
  longRunSamples: 3,
  waitingMessages: 2000,
  withExtras: false,
};
