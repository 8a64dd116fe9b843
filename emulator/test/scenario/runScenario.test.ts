import assert from 'node:assert/strict';
import type { ScenarioHooks } from '../../src/scenario/hooks';
import { runScenario } from '../../src/scenario/runScenario';
import { planScenario } from '../../src/scenario/scenario';
import type { ScenarioResult } from '../../src/scenario/scenarioResult';
import type { PostFromBot } from '../../src/world';
import { FakeEmulator } from '../support/fakeEmulator';

describe('Running a scenario', () => {
  let emulator: FakeEmulator;

  beforeEach(() => {
    emulator = new FakeEmulator();
  });

  function run(steps: object[], settings: object = {}, hooks: ScenarioHooks = {}): Promise<ScenarioResult> {
    const scenario = planScenario({ name: 'Story', settings: { patience: 0, ...settings }, steps });
    return runScenario(emulator, scenario, hooks);
  }

  async function passes(steps: object[], settings?: object, hooks?: ScenarioHooks): Promise<ScenarioResult> {
    const result = await run(steps, settings, hooks);
    assert.ok(result.passed, problemOf(result));
    return result;
  }

  async function fails(
    expected: RegExp,
    steps: object[],
    settings?: object,
    hooks?: ScenarioHooks,
  ): Promise<ScenarioResult> {
    const result = await run(steps, settings, hooks);
    assert.equal(result.passed, false, 'it passed');
    assert.match(problemOf(result), expected);
    return result;
  }

  function problemOf({ steps }: ScenarioResult): string {
    return steps.find(({ status }) => status === 'failed')?.problem ?? '';
  }

  describe('sets the stage', () => {
    it('with rule, dialect and customers', async () => {
      const scenario = planScenario({
        name: 'Story',
        settings: {
          rule: 'CCSP',
          dialect: 'sloppyCasing',
          clock: 'paused',
          platform: 'OTHERS',
          verificationToken: 't',
        },
        customers: { Ann: 'SMS' },
        steps: [{ rule: 'BOT' }],
      });
      emulator.integrationView = { ...emulator.integrationView, status: 'unverified' };
      const { passed } = await runScenario(emulator, scenario);
      assert.ok(passed, 'it passed');
      assert.deepEqual(emulator.calls, [
        ['setRule', 'CCSP'],
        ['setDialect', 'sloppyCasing'],
        ['pause'],
        ['edit', { platform: 'OTHERS', verificationToken: 't' }],
        ['verify'],
        ['setRule', 'BOT'],
        ['clearFaults'],
        ['resume'],
        ['setDialect', 'documented'],
      ]);
      assert.equal(emulator.customers[0]?.channel, 'SMS');
    });

    it('and fails when the bot cannot be verified', async () => {
      emulator.canVerify = false;
      emulator.integrationView = { ...emulator.integrationView, status: 'unverified' };
      const result = await fails(/could not be verified: no token/, [{ rule: 'BOT' }]);
      assert.deepEqual(
        result.steps.map(({ status }) => status),
        ['failed', 'skipped', 'skipped'],
      );
    });

    it('with the rule and the dialect that there are, when it names none, and puts back those that it changes', async () => {
      await passes([{ wait: 0 }]);
      assert.deepEqual(emulator.calls, [['clearFaults']]);
      await passes([{ rule: 'CCSP' }, { dialect: 'sloppyCasing' }]);
      assert.deepEqual([emulator.world().rule, emulator.world().dialect], ['BOT', 'documented']);
    });

    it('with customers who are there already, on whatever channel', async () => {
      emulator.customer('Ann', 'SMS');
      await passes([{ customer: 'Ann', says: 'hi' }]);
      assert.deepEqual(emulator.asked.at(-1), ['Ann', undefined]);
    });

    it('but does not verify when the scenario does not want it', async () => {
      emulator.integrationView = { ...emulator.integrationView, status: 'unverified' };
      await passes([{ rule: 'BOT' }], { verified: false });
      assert.ok(!emulator.calls.some(([call]) => call === 'verify'), 'verified all the same');
    });
  });

  it('lets everybody do what is written', async () => {
    emulator.handsOver('Ann');
    await passes([
      { customer: 'Ann', says: 'hi' },
      { customer: 'Ann', taps: 'TRACK' },
      { customer: 'Ann', sends: 'https://example.com/a.png', text: 'look' },
      { customer: 'Ann', acknowledges: 'Read' },
      { agent: 'Kim', picksUp: 'Ann' },
      { agent: 'Kim', says: 'Hello', to: 'Ann' },
      { agent: 'Kim', transfers: 'Ann', to: 'Lee' },
      { agent: 'Lee', closes: 'Ann' },
      { clock: 'pause' },
      { clock: { jump: '30m' } },
      { clock: 'step' },
      { clock: 'resume' },
      { dialect: 'withoutMessageid' },
      { integration: { edit: { botUrl: 'http://localhost:1/' } } },
      { integration: 'verify' },
      { wait: 'idle' },
      { wait: 0 },
    ]);
    assert.deepEqual(emulator.calls.slice(0, -2), [
      ['says', 'Ann', 'hi'],
      ['says', 'Ann', '', 'TRACK'],
      ['says', 'Ann', 'look', 'https://example.com/a.png'],
      ['acknowledges', 'Ann', 'Read'],
      ['pickUp', 'Ann', 'Kim'],
      ['agentSays', 'Ann', 'Hello'],
      ['transfer', 'Ann', 'Lee'],
      ['close', 'Ann'],
      ['pause'],
      ['jump', 1_800_000],
      ['step'],
      ['resume'],
      ['setDialect', 'withoutMessageid'],
      ['edit', { botUrl: 'http://localhost:1/' }],
      ['verify'],
    ]);
  });

  describe('expects that a customer reads', () => {
    const hi = { customer: 'Ann', says: 'hi' };

    beforeEach(() => {
      emulator.bot = (text) => `Echo: ${text}`;
    });

    it('words, a whole text, or what matches', async () => {
      await passes([hi, { customer: 'Ann', reads: 'Echo' }]);
      await passes([hi, { customer: 'Ann', reads: { exactly: 'Echo: hi' } }]);
      await passes([hi, { customer: 'Ann', reads: { matches: '^Echo: \\w+$' } }]);
      await fails(/was to read exactly "Echo", but read "Echo: hi"/, [
        hi,
        { customer: 'Ann', reads: { exactly: 'Echo' } },
      ]);
      await fails(/was to read what matches \/\^hi\//, [hi, { customer: 'Ann', reads: { matches: '^hi' } }]);
    });

    it('each message once, in order', async () => {
      const again = { customer: 'Ann', says: 'there' };
      await passes([hi, again, { customer: 'Ann', reads: 'hi' }, { customer: 'Ann', reads: 'there' }]);
      await fails(/read nothing/, [
        hi,
        { customer: 'Ann', reads: 'Echo: hi' },
        { customer: 'Ann', reads: 'Echo' },
      ]);
    });

    it('what the one who is named wrote', async () => {
      emulator.bot = () => {
        emulator.shows('Ann', 'agent', 'Hello');
        return undefined;
      };
      await passes([hi, { customer: 'Ann', reads: 'Hello', from: 'agent' }]);
      await fails(/read nothing/, [hi, { customer: 'Ann', reads: 'Hello' }]);
    });

    it('nothing that was said before', async () => {
      emulator.shows('Ann', 'bot', 'Hello');
      await fails(/read nothing/, [{ customer: 'Ann', reads: 'Hello' }]);
    });

    it('what comes later', async () => {
      const running = run([{ customer: 'Ann', reads: 'Hello' }], { patience: '1m' });
      while (emulator.listenerCount === 0) await new Promise(setImmediate);
      emulator.shows('Ann', 'bot', 'Not yet');
      emulator.shows('Ann', 'bot', 'Hello');
      assert.ok((await running).passed, 'it passed');
      assert.equal(emulator.listenerCount, 0);
    });

    it('a whole chat', async () => {
      const sees = [{ customer: 'hi' }, { bot: { exactly: 'Echo: hi' } }];
      await passes([hi, { customer: 'Ann', sees }]);
      emulator = new FakeEmulator();
      emulator.bot = (text) => `Echo: ${text}`;
      await fails(/The chat was to be/, [hi, { customer: 'Ann', sees: [...sees, { bot: 'more' }] }]);
      await fails(/The chat was to be\n {2}bot: "hi"\nbut is\n/, [
        { customer: 'Ann', sees: [{ bot: 'hi' }] },
      ]);
    });
  });

  describe('expects', () => {
    it('a handover, with what came along', async () => {
      await fails(/Ann was not handed over/, [{ expect: 'handover', of: 'Ann' }]);
      emulator.handsOver('Ann', { customparam1: 'asked' });
      await passes([{ expect: 'handover', of: 'Ann', customParams: { customparam1: 'ask' } }]);
      const wrong = { expect: 'handover', of: 'Ann', customParams: { customparam2: 'x' } };
      await fails(/customparam2 of the handover was to be "x", but is undefined/, [wrong]);
    });

    it('a holder', async () => {
      await passes([{ expect: 'holder', of: 'Ann', is: 'bot' }]);
      await fails(/The holder of Ann was to be contactCentre/, [
        { expect: 'holder', of: 'Ann', is: 'contactCentre' },
      ]);
    });

    it('a state of the integration', async () => {
      await passes([{ expect: 'integration', status: 'active', failures: 0 }]);
      await fails(/was to be inactive after 5 failures, but is active after 0/, [
        { expect: 'integration', status: 'inactive', failures: 5 },
      ]);
    });

    it('what became of an event', async () => {
      const hi = { customer: 'Ann', says: 'hi' };
      await fails(/Ann has no conversation yet/, [{ expect: 'event', of: 'Ann', state: 'answered' }]);
      await fails(/There was no 'Incoming message' of Ann/, [
        hi,
        { expect: 'event', of: 'Ann', state: 'answered' },
      ]);
      emulator.wire.push({
        kind: 'toBot',
        id: 'event-1',
        conversationId: 'conversation of Ann',
        event: 'Incoming message',
        body: '{}',
        state: 'gaveUp',
        dueAt: undefined,
        attempts: [],
      });
      await passes([{ expect: 'event', of: 'Ann', state: 'gaveUp', attempts: 0 }]);
      await fails(/was to be answered, but is gaveUp/, [{ expect: 'event', of: 'Ann', state: 'answered' }]);
      await passes([{ resend: { customer: 'Ann', event: 'Incoming message' } }]);
      await fails(/no such event/, [{ resend: { customer: 'Ann', back: 1 } }]);
    });

    it('that the bot cannot be verified', async () => {
      await fails(/was verified, and was not to be/, [{ integration: 'verifyFails' }]);
      emulator.canVerify = false;
      await passes([{ integration: 'verifyFails' }]);
    });
  });

  describe('asks the judge', () => {
    it('at its end', async () => {
      emulator.violates('doubled');
      const result = await fails(/doubled: It doubled\./, [{ rule: 'BOT' }]);
      assert.equal(result.steps.at(-1)?.title, 'The judge saw nothing else');
      assert.equal(result.violations.length, 1);
    });

    it('and passes when each violation was expected', async () => {
      emulator.violates('doubled');
      emulator.violates('tooSlow');
      await passes([
        { expect: 'violation', rule: 'doubled' },
        { expect: 'violation', rule: 'tooSlow' },
        { expect: 'noViolations' },
      ]);
      await fails(/^tooSlow/, [{ expect: 'violation', rule: 'doubled' }]);
    });

    it('and fails when it saw none that was expected', async () => {
      await fails(/saw no violation of doubled/, [{ expect: 'violation', rule: 'doubled' }]);
    });
  });

  describe('plays faults', () => {
    it('of a customer, and ends them by name or all', async () => {
      await passes([
        { customer: 'Ann', says: 'hi' },
        {
          fault: {
            name: 'slow',
            direction: 'toBot',
            match: { customer: 'Ann', attempt: 1 },
            effect: { kind: 'refuse' },
          },
        },
        { clearFault: 'slow' },
        { clearFault: 'all' },
      ]);
      const match = { attempt: 1, customer: 'Ann' };
      assert.deepEqual(emulator.calls.slice(1), [
        ['addFault', { direction: 'toBot', match, effect: { kind: 'refuse' } }],
        ['removeFault', 'fault-4'].map((part, index) => (index === 0 ? part : faultId())),
        ['clearFaults'],
        ['clearFaults'],
      ]);
    });

    it('and gives each name once at a time', async () => {
      const slow = { fault: { name: 'slow', direction: 'toBot', effect: { kind: 'timeOut' } } };
      await fails(/There is a fault named slow already/, [slow, slow]);
      await passes([slow, { clearFault: 'slow' }, slow, { clearFault: 'all' }, slow]);
    });

    it('and knows those only that it has named', async () => {
      await fails(/No fault is named slow/, [{ clearFault: 'slow' }]);
    });

    function faultId(): unknown {
      return emulator.calls.find(([call]) => call === 'removeFault')?.[1];
    }
  });

  describe('has the bot', () => {
    it('stopped, started and restarted by its host', async () => {
      const calls: string[] = [];
      const hooks: ScenarioHooks = {
        stopBot: async () => void calls.push('stop'),
        startBot: async () => void calls.push('start'),
        advance: async (milliseconds) => void calls.push(`advance ${milliseconds}`),
        whenIdle: async () => void calls.push('idle'),
      };
      await passes(
        [{ bot: 'down' }, { clock: { jump: '1s' } }, { bot: 'up' }, { bot: 'restart' }, { clock: 'step' }],
        {},
        hooks,
      );
      assert.deepEqual(calls, ['stop', 'advance 1000', 'start', 'stop', 'start', 'advance 5000', 'idle']);
    });

    it('waited for as long as patience lasts, should it hang', async () => {
      await passes([{ wait: 'idle' }], { patience: '5ms' }, { whenIdle: () => new Promise(() => {}) });
    });

    it('ended and running again in the eyes of the judge', async () => {
      const told = (name: string) => async () => void emulator.calls.push([name]);
      const stopAndStart = { stopBot: told('stop'), startBot: told('start') };
      const inTurn = ['botEnds', 'stop', 'start', 'botRuns'];
      for (const [steps, hooks, expected] of [
        [[{ bot: 'down' }, { bot: 'up' }], stopAndStart, inTurn],
        [[{ bot: 'restart' }], stopAndStart, inTurn],
        [[{ bot: 'restart' }], { restartBot: told('restart') }, ['botEnds', 'restart', 'botRuns']],
      ] as const) {
        emulator.calls.length = 0;
        await passes([...steps], {}, hooks);
        const calls = emulator.calls.map(([call]) => call);
        assert.deepEqual(
          calls.filter((call) => expected.some((other) => other === call)),
          expected,
        );
      }
    });

    it('restarted in one go when the host can', async () => {
      const calls: string[] = [];
      await passes([{ bot: 'restart' }], {}, { restartBot: async () => void calls.push('restart') });
      assert.deepEqual(calls, ['restart']);
    });

    it('started again when the scenario has failed', async () => {
      const calls: string[] = [];
      const hooks = { stopBot: async () => {}, startBot: async () => void calls.push('start') };
      await fails(/read nothing/, [{ bot: 'down' }, { customer: 'Ann', reads: 'x' }], {}, hooks);
      assert.deepEqual(calls, ['start']);
    });

    it('started again when it could not be restarted, or stopped', async () => {
      const calls: string[] = [];
      const fail = async () => {
        throw new Error('no');
      };
      const start = async () => void calls.push('start');
      await fails(/^no$/, [{ bot: 'restart' }], {}, { stopBot: fail, startBot: start });
      await fails(/^no$/, [{ bot: 'down' }], {}, { stopBot: fail, startBot: start });
      assert.deepEqual(calls, ['start', 'start']);
    });

    it('down once, however often it is said', async () => {
      const calls: string[] = [];
      const hooks = {
        stopBot: async () => void calls.push('stop'),
        startBot: async () => void calls.push('start'),
      };
      await passes([{ bot: 'down' }, { bot: 'down' }, { bot: 'up' }], {}, hooks);
      assert.deepEqual(calls, ['stop', 'start']);
      await passes([{ bot: 'down' }, { bot: 'down' }, { bot: 'up' }]);
      assert.deepEqual(
        emulator.calls.map(([call]) => call),
        // The judge is told once of a process that ends, and never of one that is only cut off.
        ['botEnds', 'botRuns', 'clearFaults', 'addFault', 'removeFault', 'clearFaults'],
      );
    });

    it('cut off, though all faults are over meanwhile', async () => {
      await passes([{ bot: 'down' }, { clearFault: 'all' }, { wait: 0 }, { bot: 'up' }]);
      assert.deepEqual(
        emulator.calls.map(([call]) => call),
        ['addFault', 'clearFaults', 'addFault', 'removeFault', 'clearFaults'],
      );
    });

    it('cut off when nobody can stop it, and says so', async () => {
      const { notes } = await passes([{ bot: 'down' }, { bot: 'up' }, { bot: 'restart' }]);
      assert.deepEqual(
        emulator.calls.map(([call]) => call),
        ['addFault', 'removeFault', 'clearFaults'],
      );
      assert.equal(notes.length, 2);
    });
  });

  it('hints at the URL when nothing has come from the bot', async () => {
    const reads = [{ customer: 'Ann', reads: 'x' }];
    const { notes } = await fails(/read nothing/, reads);
    assert.match(notes[0] ?? '', /sent nothing to http:\/\/127\.0\.0\.1:4000\/hooks\/secret/);
    emulator.wire.push(postOnWire());
    assert.deepEqual((await fails(/read nothing/, reads)).notes, []);
    assert.deepEqual((await passes([{ wait: 0 }])).notes, []);
  });

  it('plays lanes at the same time, and tells which failed', async () => {
    emulator.bot = (text) => `Echo: ${text}`;
    const lane = (customer: string, word: string) => [
      { customer, says: word },
      { customer, reads: `Echo: ${word}` },
    ];
    await passes([{ parallel: [lane('Ann', 'one'), lane('Bob', 'two')] }]);
    await fails(/^Lane 2: Bob reads "three", written by the bot: Bob was to read/, [
      { parallel: [lane('Ann', 'one'), [{ customer: 'Bob', reads: 'three' }]] },
    ]);
  });

  it('plays a hundred lanes, of which none minds the others', async () => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error) => warnings.push(message);
    process.on('warning', onWarning);
    const lanes = Array.from({ length: 100 }, (_, n) => [{ customer: `Customer ${n}`, reads: 'Hello' }]);
    const scenario = planScenario({ name: 'Story', steps: [{ parallel: lanes }] });
    const { signal } = new AbortController();
    const running = runScenario(emulator, scenario, {}, { signal });
    while (emulator.customers.length < 100) await new Promise(setImmediate);
    for (let n = 0; n < 100; n++) emulator.shows(`Customer ${n}`, 'bot', 'Hello');
    assert.ok((await running).passed, 'it passed');
    await new Promise(setImmediate);
    process.off('warning', onWarning);
    assert.deepEqual(warnings, []);
  });

  it('does nothing more when it has been interrupted', async () => {
    const scenario = planScenario({ name: 'Story', steps: [{ customer: 'Ann', says: 'hi' }] });
    const result = await runScenario(emulator, scenario, {}, { signal: AbortSignal.abort() });
    assert.match(problemOf(result), /interrupted/);
    assert.ok(!emulator.calls.some(([call]) => call === 'setRule'), 'the stage was set');
  });

  for (const [name, step, settings] of [
    ['waits', { wait: '1h' }, {}],
    ['comes to rest', { wait: 'idle' }, { patience: '1h' }],
  ] as const) {
    it(`ends when it is interrupted while it ${name}`, async () => {
      const interruption = new AbortController();
      let isResting = () => {};
      const resting = new Promise<void>((resolve) => {
        isResting = resolve;
      });
      emulator.idle = () => {
        isResting();
        return new Promise(() => {});
      };
      const scenario = planScenario({ name: 'Story', settings, steps: [step] });
      const running = runScenario(emulator, scenario, {}, { signal: interruption.signal });
      if (name === 'waits') await new Promise(setImmediate);
      else await resting;
      interruption.abort();
      assert.match(problemOf(await running), /interrupted/);
    });
  }

  it('does not wait longer than it has patience for a bot that never comes to rest', async () => {
    const hooks = { whenIdle: () => new Promise<void>(() => {}) };
    await passes([{ wait: 'idle' }], { patience: '5ms' }, hooks);
  });

  it('has patience for weeks', async () => {
    const running = run([{ customer: 'Ann', reads: 'Hello' }], { patience: '1000h' });
    while (emulator.listenerCount === 0) await new Promise(setImmediate);
    await new Promise((resolve) => setTimeout(resolve, 5));
    emulator.shows('Ann', 'bot', 'Hello');
    assert.ok((await running).passed, 'it lost its patience');
  });

  it('ends when it is interrupted', async () => {
    const interruption = new AbortController();
    const scenario = planScenario({
      name: 'Story',
      settings: { patience: '10m' },
      steps: [{ customer: 'Ann', reads: 'x' }],
    });
    const running = runScenario(emulator, scenario, {}, { signal: interruption.signal });
    while (emulator.listenerCount === 0) await new Promise(setImmediate);
    interruption.abort();
    assert.match(problemOf(await running), /interrupted/);
  });
});

function postOnWire(): PostFromBot {
  return {
    kind: 'fromBot',
    id: 'post-1',
    at: 0,
    conversationId: undefined,
    eventId: '1001',
    body: '{}',
    headers: {},
    problems: [],
    status: 200,
    tookMs: 1,
    fault: undefined,
    isRepeat: false,
  };
}
