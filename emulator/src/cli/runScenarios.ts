import { createHash, randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createEmulator } from '../index';
import { junitReport } from '../scenario/junitReport';
import { runScenario } from '../scenario/runScenario';
import { emulatorOptionsFor, type Scenario } from '../scenario/scenario';
import type { ScenarioResult } from '../scenario/scenarioResult';
import type { RunCommand } from './commandLine';
import { readScenarioFiles } from './scenarioFiles';
import type { Terminal } from './terminal';

const SEEDS = 2 ** 31;

/** Plays scenarios, each on an emulator of its own at the same URL. @returns Whether all passed. */
export async function runScenarios(command: RunCommand, terminal: Terminal): Promise<boolean> {
  const scenarios = readScenarioFiles(command.paths);
  // Standard output is for the results when a program reads them.
  const tell = command.json ? terminal.warn : terminal.print;
  const baseSeed = command.options.seed ?? randomInt(SEEDS);
  const interruption = new AbortController();
  void terminal.stopped.then(() => interruption.abort());
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    if (interruption.signal.aborted) break;
    const result = await play(scenario, command, baseSeed, interruption.signal);
    for (const line of describe(result)) tell(line);
    results.push(result);
  }
  const failed = results.filter(({ passed }) => !passed).length;
  tell(`${results.length - failed} passed, ${failed} failed; again with --seed ${baseSeed}`);
  if (command.junit !== undefined) writeFileSync(command.junit, junitReport(results));
  if (command.json) terminal.print(JSON.stringify(results, undefined, 2));
  return failed === 0 && results.length === scenarios.length;
}

async function play(
  scenario: Scenario,
  { options }: RunCommand,
  baseSeed: number,
  signal: AbortSignal,
): Promise<ScenarioResult> {
  const own = emulatorOptionsFor(scenario);
  // A bot that goes on between scenarios must not meet an id that it knows: it would take it for a repeat.
  const seed =
    options.seed === undefined && own.seed !== undefined ? own.seed : seedOf(baseSeed, scenario.name);
  const emulator = await createEmulator({ ...options, ...own, seed });
  try {
    return await runScenario(emulator, scenario, {}, { seed, signal });
  } finally {
    await emulator.stop();
  }
}

function seedOf(base: number, name: string): number {
  return createHash('sha256').update(`${base}/${name}`).digest().readUInt32BE() % SEEDS;
}

function describe({ name, file, passed, tookMs, steps, notes }: ScenarioResult): string[] {
  const failed = steps.find(({ status }) => status === 'failed');
  const lines = [`${passed ? 'passed' : 'FAILED'}  ${name} (${Math.round(tookMs)} ms)`];
  if (failed !== undefined) {
    const place = [file, failed.line].filter((part) => part !== undefined).join(':');
    lines.push(`        ${place === '' ? '' : `${place}: `}${failed.title}`);
    lines.push(...(failed.problem ?? '').split('\n').map((line) => `        ${line}`));
  }
  return [...lines, ...notes.map((note) => `        ${note}`)];
}
