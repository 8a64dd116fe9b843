import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createEmulator,
  type Emulator,
  emulatorOptionsFor,
  parseScenario,
  runScenario,
  type ScenarioResult,
} from '../../src';
import { BOT_TOKEN, DeskBot, type Flaws } from '../support/deskBot';

const FOLDER = join(__dirname, '..', '..', 'scenarios');
const SEED = 7;

describe('The scenarios of the package, played with a bot of another make,', () => {
  let emulator: Emulator | undefined;
  let bot: DeskBot | undefined;

  afterEach(async () => {
    await bot?.end();
    await emulator?.stop();
  });

  /** Ends at the first violation: what follows from it is not to be waited for. */
  function play(file: string, flaws: Flaws = {}): Promise<ScenarioResult> {
    return playText(readFileSync(join(FOLDER, file), 'utf8'), file, flaws);
  }

  async function playText(text: string, file: string, flaws: Flaws): Promise<ScenarioResult> {
    const scenario = parseScenario(text, file);
    const played = new DeskBot(flaws);
    bot = played;
    await played.start();
    const started = await createEmulator({
      ...emulatorOptionsFor(scenario),
      seed: SEED,
      botUrl: played.url,
      verificationToken: BOT_TOKEN,
    });
    emulator = started;
    played.webhookUrl = started.webhookUrl;
    const interruption = new AbortController();
    started.subscribe(() => {
      if (started.judge.violations.length > 0) interruption.abort();
    });
    const hooks = {
      stopBot: () => played.stop(),
      startBot: () => played.start(),
      whenIdle: () => played.whenIdle(),
    };
    return runScenario(started, scenario, hooks, { signal: interruption.signal });
  }

  const problemOf = ({ steps }: ScenarioResult) =>
    steps.find(({ status }) => status === 'failed')?.problem ?? '';

  for (const file of readdirSync(FOLDER)) {
    it(`pass: ${file}`, async () => {
      const result = await play(file);
      assert.ok(result.passed, problemOf(result));
      assert.deepEqual(result.violations, []);
    });
  }

  it('fail when it forgets what it has seen', async () => {
    const result = await play('duplicate-storm.yml', { forgetsWhatItHasSeen: true });
    assert.equal(result.passed, false, 'it passed');
    assert.ok(
      result.violations.some(({ rule }) => rule === 'doubled'),
      'the judge saw it',
    );
  });

  it('fail when it says nothing, though nobody reads', async () => {
    const text = 'name: x\nsettings: { answerExpectedWithin: 50ms }\nsteps: [{ customer: Ann, says: hi }]';
    const result = await playText(text, 'x.yml', { saysNothing: true });
    assert.equal(result.passed, false, 'it passed');
    assert.deepEqual(
      result.violations.map(({ rule }) => rule),
      ['unanswered'],
    );
  });

  it('fail when it talks while the agent has the conversation', async () => {
    const result = await play('two-customers.yml', { talksWhileTheAgentHasIt: true });
    assert.equal(result.passed, false, 'it passed');
    assert.ok(
      result.violations.some(({ rule }) => rule === 'replyAfterHandover'),
      'the judge saw it',
    );
  });
});
