import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createEngine, type Engine } from '../../src/engine/createEngine';
import type { Dialect, FaultEffect, ViolationRule } from '../../src/world';
import { ModelBot, type Mutation } from './support/modelBot';
import { HOUR } from './support/stage';
import { TOKEN } from './support/testBot';

type Direction = 'toBot' | 'fromBot';
type Step =
  | { readonly kind: 'says' | 'taps'; readonly who: string; readonly text: string }
  | { readonly kind: 'agent' | 'close'; readonly who: string };
interface Play {
  readonly seed: number;
  readonly dialect: Dialect;
  readonly steps: readonly Step[];
  readonly faults: readonly {
    readonly direction: Direction;
    readonly effect: FaultEffect;
    readonly probability: number;
  }[];
}

const SECOND = 1000;

/** Plays with a model bot. Time passes only between the steps. */
async function play(
  { seed, dialect, steps, faults }: Play,
  mutation?: Mutation,
): Promise<readonly ViolationRule[]> {
  const bot = await ModelBot.start(mutation);
  let realTime = 0;
  const engine = createEngine(
    { botUrl: bot.url, verificationToken: TOKEN, seed, dialect, webhookUrl: () => '' },
    () => realTime,
  );
  bot.engine = engine;
  try {
    engine.clock.pause();
    await engine.integration.verify();
    for (const { direction, effect, probability } of faults) {
      engine.faults.add({ direction, match: { probability }, effect });
    }
    for (const step of steps) {
      await take(engine, step);
      await silence(engine, bot);
      await engine.clock.jump(SECOND);
    }
    engine.faults.clear();
    await silence(engine, bot);
    await engine.clock.jump(2 * HOUR);
    await silence(engine, bot);
    realTime += HOUR;
    return engine.judge.settle().map(({ rule }) => rule);
  } finally {
    await engine.stop();
    await bot.stop();
  }
}

async function take(engine: Engine, step: Step): Promise<void> {
  const customer = engine.customer(step.who);
  if (step.kind === 'says') return customer.says(step.text);
  if (step.kind === 'taps') return customer.taps(step.text);
  const waiting = engine
    .world()
    .desk.find(({ customerName, status }) => customerName === step.who && status !== 'closed');
  if (waiting === undefined) return;
  if (waiting.status === 'queued') engine.desk.pickUp(step.who);
  if (step.kind === 'agent') return engine.desk.says(step.who, 'Agent here');
  return engine.desk.close(step.who);
}

async function silence(engine: Engine, bot: ModelBot): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await engine.idle();
    await bot.idle();
  }
}

const who = fc.constantFrom('Ada', 'Bob');
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('says', 'taps'),
      who,
      text: fc.constantFrom('ok', 'x', 'twice'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('says'), who, text: fc.constant('agent, please') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('agent', 'close'), who }) },
);
const status = fc
  .constantFrom(400, 429, 500, 503)
  .map((code): FaultEffect => ({ kind: 'status', status: code }));
const common = fc.oneof(
  status,
  fc.constantFrom<FaultEffect>(
    { kind: 'refuse' },
    { kind: 'timeOut' },
    { kind: 'resetAfterSend' },
    { kind: 'answerLate', delayMs: 1 },
    { kind: 'duplicate', copies: 1 },
    { kind: 'truncate', bytes: 9 },
    { kind: 'reorder' },
  ),
);
const faults = fc.array(
  fc.record({
    direction: fc.constantFrom<Direction>('toBot', 'fromBot'),
    effect: common,
    probability: fc.constantFrom(0.2, 0.5, 1),
  }),
  { maxLength: 3 },
);
const plays: fc.Arbitrary<Play> = fc.record({
  seed: fc.nat(1_000_000),
  dialect: fc.constantFrom<Dialect>('documented', 'withoutMessageid'),
  steps: fc.array(steps, { minLength: 1, maxLength: 7 }),
  faults,
});

const calm: Play = {
  seed: 1,
  dialect: 'documented',
  steps: [
    { kind: 'says', who: 'Ada', text: 'one' },
    { kind: 'says', who: 'Ada', text: 'agent, please' },
    { kind: 'agent', who: 'Ada' },
    { kind: 'says', who: 'Ada', text: 'to the agent' },
    { kind: 'close', who: 'Ada' },
    { kind: 'says', who: 'Ada', text: 'twice' },
    { kind: 'taps', who: 'Ada', text: 'BUTTON' },
  ],
  faults: [],
};

describe('The judge of a bot that', () => {
  it('does everything right: finds nothing, whatever faults are played', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(plays, async (played) => {
        assert.deepEqual(await play(played), []);
      }),
      { numRuns: 60 },
    );
  });

  it('does everything right: finds nothing in a calm run', async () => {
    assert.deepEqual(await play(calm), []);
  });

  const duplicate: Play['faults'][number] = {
    direction: 'toBot',
    effect: { kind: 'duplicate', copies: 1 },
    probability: 1,
  };
  const refusals: Play['faults'][number] = {
    direction: 'fromBot',
    effect: { kind: 'status', status: 503 },
    probability: 0.5,
  };
  const wrong: [mutation: Mutation, rule: ViolationRule, faults: Play['faults']][] = [
    ['noDedupe', 'doubled', [duplicate]],
    ['noOrder', 'outOfOrder', [refusals]],
    ['noRetry', 'unanswered', [refusals]],
    ['repliesAfterHandover', 'replyAfterHandover', []],
    ['wrongConversation', 'wrongConversation', []],
    ['noToken', 'tokenMissing', []],
    ['silent', 'unanswered', []],
    ['sendsTwice', 'doubled', []],
  ];
  const more = Array.from({ length: 8 }, (): Step => ({ kind: 'says', who: 'Bob', text: 'twice' }));
  for (const [mutation, rule, played] of wrong) {
    it(`${mutation}: finds ${rule}`, async () => {
      const rules = await play({ ...calm, steps: [...calm.steps, ...more], faults: played }, mutation);
      assert.ok(rules.includes(rule), `found only ${rules.join(', ') || 'nothing'}`);
    });
  }

  it('is asked by 200 customers 20 times each: finds nothing, and does not take long', async function () {
    this.timeout(60_000);
    const bot = await ModelBot.start();
    let realTime = 0;
    const engine = createEngine(
      { botUrl: bot.url, verificationToken: TOKEN, seed: 1, webhookUrl: () => '' },
      () => realTime,
    );
    bot.engine = engine;
    await engine.integration.verify();
    const talks = Array.from({ length: 200 }, async (_, customer) => {
      const talker = engine.customer(`Customer ${customer}`);
      for (let message = 0; message < 20; message++) {
        await talker.says(`${message}`);
        await talker.reads(`Echo: ${message}`, 30_000);
      }
    });
    await Promise.all(talks);
    await engine.idle();
    realTime += HOUR;
    assert.deepEqual(engine.judge.settle(), []);
    assert.equal(engine.world().wire.length, 500);
    await engine.stop();
    await bot.stop();
  });
});
