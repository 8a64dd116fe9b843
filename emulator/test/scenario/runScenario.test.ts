import assert from 'node:assert/strict';
import { runScenario } from '../../src/scenario/runScenario';
import { planScenario } from '../../src/scenario/scenario';
import type { PostFromBot } from '../../src/world';
import type { FakeEmulator } from '../support/fakeEmulator';
import { problemOf, Story } from './support/story';

describe('Running a scenario', () => {
  let emulator: FakeEmulator;
  let run: Story['run'];
  let passes: Story['passes'];
  let fails: Story['fails'];

  beforeEach(() => {
    ({ emulator, run, passes, fails } = new Story());
  });

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
