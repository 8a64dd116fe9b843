import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CounterName, DeliveryStore } from '../../src';
import { FUZZ_TOKEN, type FuzzAnswer, FuzzedBot, takeEverything } from './fuzzedBot';
import { type FuzzedRequest, fuzzedRequest } from './fuzzedRequest';

/** What a run is made of. */
export interface FuzzSettings {
  readonly seed: number;
  readonly bodies: number;
  /** Bodies after which memory is looked at. */
  readonly lookEvery: number;
  readonly openStore: () => DeliveryStore;
  /**
   * Whether a new bot on a new store takes over after each look: for a store in memory, which keeps what it is given to
   * keep. Otherwise one bot goes on until the end.
   */
  readonly isStoreInMemory: boolean;
  /** Told after each look. */
  readonly onProgress?: (report: FuzzReport) => void;
}

/** What came of a run. */
export interface FuzzReport {
  bodies: number;
  readonly answers: Record<string, number>;
  readonly counters: Map<CounterName, number>;
  /** Events whose turn had not ended, and messages that were not sent, when their bot ended. */
  waiting: number;
  /** Bytes in use at each look. */
  readonly memory: number[];
  /** The body that took longest, with what else was under way. */
  slowest: { readonly milliseconds: number; readonly number: number; readonly kind: string };
  /** Bodies that were answered as none may be; each can be made again by its number. */
  readonly wrong: string[];
}

/** What must not happen to any event. */
const FAULTS: readonly CounterName[] = [
  'turns_failed_total',
  'turns_quarantined_total',
  'sends_failed_total',
  'transcripts_failed_total',
  'requests_unauthorised_total',
];
/** What must have happened. */
const WORK: readonly CounterName[] = ['messages_delivered_total', 'handovers_requested_total'];
const COUNTED: readonly CounterName[] = [
  'events_stored_total',
  'events_duplicate_total',
  'requests_quarantined_total',
  'turns_completed_total',
  'handovers_accepted_total',
  ...WORK,
  ...FAULTS,
];

/** Bodies that are under way at the same time. */
const AT_ONCE = 100;
/** Milliseconds of the bot's clock between two bodies: an hour is over after 3,600. */
const STEP_MS = 1000;

const ALLOWED = new Set([200, 413]);
const ANSWER = JSON.stringify({ verification_token: FUZZ_TOKEN });

/** Hands `bodies` bodies to bots, and notes what they answer. Rejects only when a bot cannot go on. */
export async function fuzz(settings: FuzzSettings): Promise<FuzzReport> {
  const { bodies, lookEvery, openStore, isStoreInMemory, onProgress } = settings;
  const report = emptyReport();
  const webhook = await takeEverything();
  let bot: FuzzedBot | undefined;
  while (report.bodies < bodies) {
    bot ??= await FuzzedBot.start(openStore(), webhook);
    await handOverAll(bot, Math.min(report.bodies + lookEvery, bodies), settings.seed, report);
    if (isStoreInMemory || report.bodies === bodies) {
      await retire(bot, report);
      bot = undefined;
    }
    report.memory.push(await bytesInUse());
    onProgress?.(report);
  }
  webhook.closeAllConnections();
  webhook.close();
  return report;
}

async function handOverAll(bot: FuzzedBot, end: number, seed: number, report: FuzzReport): Promise<void> {
  while (report.bodies < end) {
    const count = Math.min(AT_ONCE, end - report.bodies);
    const numbers = Array.from({ length: count }, (_, at) => report.bodies + at);
    await Promise.all(numbers.map((number) => handOver(bot, number, seed, report)));
    await bot.settle(count * STEP_MS);
    report.bodies += count;
  }
}

async function retire({ adapter }: FuzzedBot, report: FuzzReport): Promise<void> {
  const { counters } = report;
  for (const name of COUNTED) counters.set(name, (counters.get(name) ?? 0) + adapter.counters.get(name));
  const { store } = await adapter.health();
  report.waiting += store === undefined ? Number.NaN : store.waitingEvents + store.waitingMessages;
  await adapter.stop();
}

async function handOver(bot: FuzzedBot, number: number, seed: number, report: FuzzReport): Promise<void> {
  const fuzzed = fuzzedRequest(seed, number);
  const startedAt = performance.now();
  const answer = await bot.process(fuzzed.request);
  const milliseconds = performance.now() - startedAt;
  if (milliseconds > report.slowest.milliseconds)
    report.slowest = { milliseconds, number, kind: fuzzed.kind };
  report.answers[answer.status] = (report.answers[answer.status] ?? 0) + 1;
  const isPolluted = Object.keys(Object.prototype).length > 0;
  if (isRight(fuzzed, answer) && !isPolluted) return;
  report.wrong.push(
    `${number} (${fuzzed.kind}): ${answer.status} ${answer.body} ${fuzzed.body.toString('base64')}`,
  );
}

function isRight({ isAborted }: FuzzedRequest, { status, body }: FuzzAnswer): boolean {
  return isAborted && status === 0 ? body === '' : ALLOWED.has(status) && body === ANSWER;
}

/** What no run may show; empty when all is well. */
export function faultsOf({ counters, waiting, wrong, memory }: FuzzReport, grownAtMost: number): string[] {
  const count = (name: CounterName) => counters.get(name) ?? 0;
  const [first = 0] = memory;
  const grown = (memory.at(-1) ?? 0) - first;
  const faults = FAULTS.filter((name) => count(name) > 0).map((name) => `${name} is ${count(name)}`);
  const [stored, completed] = [count('events_stored_total'), count('turns_completed_total')];
  // What became of a handover has a turn of its own.
  if (completed < stored) faults.push(`${stored} events were stored, but ${completed} turns completed`);
  if (waiting !== 0) faults.push(`${waiting} events and messages were still waiting`);
  if (WORK.some((name) => count(name) === 0)) faults.push('no customer was answered: the run proves little');
  if (grown > grownAtMost) faults.push(`memory grew from ${first} by ${grown} bytes`);
  return [...faults, ...wrong.map((one) => `wrongly answered: ${one}`)];
}

function emptyReport(): FuzzReport {
  return {
    bodies: 0,
    answers: {},
    counters: new Map(),
    waiting: 0,
    memory: [],
    slowest: { milliseconds: 0, number: -1, kind: '' },
    wrong: [],
  };
}

/** After two rounds of garbage collection: what the first finalises goes with the second. */
async function bytesInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  await new Promise(setImmediate);
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
