import type { World } from '../world';
import { millisecondsOf } from './duration';
import type { ScenarioHooks } from './hooks';
import type { Scenario, ScenarioStep } from './scenario';
import type { ScenarioResult, StepResult } from './scenarioResult';
import { Stage, type StagedEmulator } from './stage';
import { expectNoViolations } from './steps/expectationSteps';
import { verify } from './steps/platformSteps';

/** How a scenario is run. */
export interface RunOptions {
  /** For the report only: the seed that the emulator was created with. */
  readonly seed?: number;
  /** Ends what an expectation waits for. */
  readonly signal?: AbortSignal;
}

/**
 * Plays a scenario on an emulator whose integration has the bot's URL. It passes when every step came out as written
 * and the judge saw nothing that the scenario does not expect. Never rejects: what goes wrong is in the result.
 */
export async function runScenario(
  emulator: StagedEmulator,
  scenario: Scenario,
  hooks: ScenarioHooks = {},
  { seed, signal }: RunOptions = {},
): Promise<ScenarioResult> {
  const stage = new Stage(emulator, hooks, {
    channels: new Map(Object.entries(scenario.customers)),
    patienceMs: millisecondsOf(scenario.settings.patience),
    signal,
  });
  const before = emulator.world();
  const started = performance.now();
  const steps: StepResult[] = [];
  for (const step of allSteps(scenario)) steps.push(await play(step, stage, steps.at(-1)));
  const passed = steps.every(({ status }) => status === 'passed');
  const hints = passed ? [] : hintsOn(emulator.world());
  const notes = [...stage.notes, ...hints, ...(await cleanUp(stage, before))];
  return {
    name: scenario.name,
    file: scenario.file,
    passed,
    seed,
    tookMs: performance.now() - started,
    steps,
    violations: emulator.judge.violations,
    notes,
  };
}

function allSteps(scenario: Scenario): readonly ScenarioStep[] {
  const setUp = { title: 'The stage is set', line: undefined, run: (stage: Stage) => set(stage, scenario) };
  const verdict = { title: 'The judge saw nothing else', line: undefined, run: expectNoViolations };
  return [setUp, ...scenario.steps, verdict];
}

async function play(
  { title, line, run }: ScenarioStep,
  stage: Stage,
  before: StepResult | undefined,
): Promise<StepResult> {
  const base = { title, line, tookMs: 0, problem: undefined };
  if (before !== undefined && before.status !== 'passed') return { ...base, status: 'skipped' };
  const started = performance.now();
  const tookMs = () => performance.now() - started;
  try {
    stage.checkInterruption();
    await run(stage);
    return { ...base, status: 'passed', tookMs: tookMs() };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...base, status: 'failed', tookMs: tookMs(), problem };
  }
}

async function set(stage: Stage, { settings, customers }: Scenario): Promise<void> {
  const { emulator } = stage;
  if (settings.rule !== undefined) emulator.setRule(settings.rule);
  if (settings.dialect !== undefined) emulator.setDialect(settings.dialect);
  if (settings.clock === 'paused') emulator.clock.pause();
  const { platform, verificationToken, accessToken } = settings;
  if (platform !== undefined || verificationToken !== undefined || accessToken !== undefined) {
    emulator.integration.edit({
      ...(platform !== undefined && { platform }),
      ...(verificationToken !== undefined && { verificationToken }),
      ...(accessToken !== undefined && { accessToken }),
    });
  }
  for (const name of Object.keys(customers)) stage.customer(name);
  if (settings.verified && emulator.world().integration.status !== 'active') await verify(stage, true);
}

/** What everybody gets wrong once. */
function hintsOn({ wire, integration }: World): string[] {
  if (integration.status === 'unverified' || wire.some(({ kind }) => kind === 'fromBot')) return [];
  return [`The bot has sent nothing to ${integration.webhookUrl}: does it know this URL?`];
}

/** Leaves the stage to the next as it was found. @returns What could not be put back. */
async function cleanUp(stage: Stage, before: World): Promise<string[]> {
  const { emulator } = stage;
  const { clock, rule, dialect } = emulator.world();
  emulator.faults.clear();
  if (clock.isPaused) emulator.clock.resume();
  if (rule !== before.rule) emulator.setRule(before.rule);
  if (dialect !== before.dialect) emulator.setDialect(before.dialect);
  if (!stage.isBotDown) return [];
  try {
    await stage.hooks.startBot?.();
    stage.emulator.judge.botRuns();
    return [];
  } catch (error) {
    return [`The bot could not be started again: ${error instanceof Error ? error.message : error}`];
  }
}
