import { createHash, randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createEmulator } from '../index';
import { junitReport } from '../scenario/junitReport';
import { runScenario } from '../scenario/runScenario';
import { emulatorOptionsFor, type Scenario } from '../scenario/scenario';
import type { ScenarioResult } from '../scenario/scenarioResult';
import type { RunCommand } from './commandLine';
import { readScenarioFiles } from './scenarioFiles';
import type { Terminal } from './terminal';

const SEEDS = 2 ** 31;
/** More of them than this explain nothing. */
const MAX_VIOLATIONS = 5;

/** Plays scenarios, each on an emulator of its own at the same URL. @returns Whether all passed. */
export async function runScenarios(command: RunCommand, terminal: Terminal): Promise<boolean> {
  const scenarios = readScenarioFiles(command.paths);
  // Standard output is for the results when a program reads them.
  const tell = command.json ? terminal.warn : terminal.print;
  const baseSeed = command.options.seed ?? randomInt(SEEDS);
  const interruption = new AbortController();
  void terminal.stopped.then(() => interruption.abort());
  const results: ScenarioResult[] = [];
  const playAll = async () => {
    for (const [index, scenario] of scenarios.entries()) {
      if (interruption.signal.aborted) return;
      const ordinal = scenarios.slice(0, index).filter(({ name }) => name === scenario.name).length;
      const result = await play(
        scenario,
        command,
        seedOf(baseSeed, scenario.name, ordinal),
        interruption.signal,
      );
      for (const line of describe(result)) tell(line);
      results.push(result);
    }
  };
  // Whatever happens, what is known is told.
  await playAll().finally(() => {
    const failed = results.filter(({ passed }) => !passed).length;
    tell(`${results.length - failed} passed, ${failed} failed; again with --seed ${baseSeed}`);
    if (command.json) terminal.print(JSON.stringify(results, undefined, 2));
    if (command.junit !== undefined) writeReport(command.junit, results);
  });
  return results.length === scenarios.length && results.every(({ passed }) => passed);
}

function writeReport(file: string, results: readonly ScenarioResult[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, junitReport(results));
}

async function play(
  scenario: Scenario,
  { options }: RunCommand,
  drawnSeed: number,
  signal: AbortSignal,
): Promise<ScenarioResult> {
  const own = emulatorOptionsFor(scenario);
  const seed = options.seed === undefined && own.seed !== undefined ? own.seed : drawnSeed;
  const emulator = await createEmulator({ ...options, ...own, seed });
  try {
    return await runScenario(emulator, scenario, {}, { seed, signal });
  } finally {
    await emulator.stop();
  }
}

/**
 * A bot that goes on between scenarios must not meet an id that it knows: it would take it for a repeat.
 *
 * @param ordinal How many of this name have been played before.
 */
function seedOf(base: number, name: string, ordinal: number): number {
  const text = ordinal === 0 ? `${base}/${name}` : `${base}/${name}/${ordinal}`;
  return createHash('sha256').update(text).digest().readUInt32BE() % SEEDS;
}

function describe({ name, file, passed, tookMs, steps, violations, notes }: ScenarioResult): string[] {
  const failed = steps.find(({ status }) => status === 'failed');
  const lines = [`${passed ? 'passed' : 'FAILED'}  ${name} (${Math.round(tookMs)} ms)`];
  if (failed !== undefined) {
    const place = [file, failed.line].filter((part) => part !== undefined).join(':');
    lines.push(`        ${place === '' ? '' : `${place}: `}${failed.title}`);
    lines.push(...(failed.problem ?? '').split('\n').map((line) => `        ${line}`));
  }
  const seen = passed ? [] : violations.slice(0, MAX_VIOLATIONS);
  return [
    ...lines,
    ...seen.map(({ rule, message }) => `        the judge saw ${rule}: ${message}`),
    ...notes.map((note) => `        ${note}`),
  ];
}
