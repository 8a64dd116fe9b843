import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MemoryStore } from '../src';
import { SqliteStore } from '../src/sqlite';
import { fuzzedRequest } from '../test/fuzz/fuzzedRequest';
import { type FuzzReport, type FuzzSettings, faultsOf, fuzz } from '../test/fuzz/fuzzRun';

const USAGE = `npm run fuzz -- [--bodies 1000000] [--seed 42] [--store memory|sqlite] [--only 17]

Hands so many bodies to the adapter's process() and looks at answers, turns and memory.
--seed   the same seed makes the same bodies; by default another one each time
--store  memory (default): every 50,000 bodies a new bot on a new store; sqlite: one bot on one file
--only   prints the body of this number, and does nothing else`;

const LOOK_EVERY = 50_000;
const GROWN_AT_MOST = 8 * 1024 * 1024;
const MIB = 1024 * 1024;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      bodies: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      store: { type: 'string', default: 'memory' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const seed = integer('--seed', values.seed);
  if (values.help) return print(USAGE);
  if (values.only !== undefined) return show(seed, integer('--only', values.only));

  const bodies = integer('--bodies', values.bodies);
  print(`seed ${seed}, ${bodies} bodies, store ${values.store}`);
  const startedAt = Date.now();
  const report = await onStore(values.store, (store) =>
    fuzz({ seed, bodies, lookEvery: LOOK_EVERY, ...store, onProgress: printProgress }),
  );
  return conclude(report, (Date.now() - startedAt) / 1000);
}

async function onStore(
  name: string,
  run: (store: Pick<FuzzSettings, 'openStore' | 'isStoreInMemory'>) => Promise<FuzzReport>,
): Promise<FuzzReport> {
  if (name === 'memory') return run({ openStore: () => new MemoryStore(), isStoreInMemory: true });
  if (name !== 'sqlite') throw new Error(`--store is '${name}'; it must be memory or sqlite.`);
  const folder = mkdtempSync(join(tmpdir(), 'webex-connect-fuzz-'));
  try {
    return await run({ openStore: () => new SqliteStore(join(folder, 'bot.db')), isStoreInMemory: false });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function show(seed: number, number: number): number {
  const { kind, body } = fuzzedRequest(seed, number);
  return print(`${kind}\n${body.toString('base64')}\n${body.toString('utf8')}`);
}

function printProgress({ bodies, memory }: FuzzReport): void {
  console.error(`${bodies} bodies, ${mib(memory.at(-1))} in use`);
}

function conclude(report: FuzzReport, seconds: number): number {
  const { bodies, answers, counters, memory, slowest } = report;
  print(`
bodies     ${bodies} in ${seconds.toFixed(0)} s
answers    ${Object.entries(answers)
    .map(([status, count]) => `${status === '0' ? 'aborted' : status}: ${count}`)
    .join(', ')}
memory     ${mib(memory[0])} after the first ${LOOK_EVERY}, ${mib(memory.at(-1))} at the end, ${mib(Math.max(...memory))} at most
slowest    ${slowest.milliseconds.toFixed(0)} ms, number ${slowest.number} (${slowest.kind})`);
  for (const [name, count] of counters) print(`${name} ${count}`);
  const faults = faultsOf(report, GROWN_AT_MOST);
  for (const fault of faults) print(`FAULT: ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

function mib(bytes = 0): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function integer(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${name} is '${text}'; it must be a whole number.`);
}

function print(text: string): number {
  console.log(text);
  return 0;
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
