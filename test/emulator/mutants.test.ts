import assert from 'node:assert/strict';
import { planScenario, type ViolationRule } from '../../emulator/src';
import type { TurnLogic } from '../../src';
import { SqliteStore } from '../../src/sqlite';
import { onNodeHttp } from '../support/botHost';
import {
  inventedConversation,
  isoStamps,
  latestConversation,
  type Mutation,
  noAnswer,
  noDedupe,
  noGate,
  noOrder,
  noToken,
  othersConversation,
  sentTwice,
  silence,
} from './support/mutations';
import { contactCentreOn, type Played, play } from './support/playScenario';

const SEED = 17;

interface Trial {
  readonly mutation: Mutation;
  readonly rule: ViolationRule;
  /** What the customer suffers from it, which the judge sees too. */
  readonly entails?: readonly ViolationRule[];
  /** Played with the mutant, and with the adapter as it is: so nothing in it waits for what only one of them says. */
  readonly steps: readonly object[];
  readonly settings?: object;
}

const ASKS = { customer: 'Ann', says: 'When are you open?' };
const REST = { wait: 'idle' };
const PAUSE = { clock: { jump: '10s' } };
const AGENT_SPEAKS = [
  { customer: 'Ann', says: 'I want to talk to an agent' },
  REST,
  PAUSE,
  { agent: 'Kim', picksUp: 'Ann' },
  { agent: 'Kim', says: 'Hello, this is Kim.', to: 'Ann' },
  REST,
];

/** Real time, for a bot whose silence is the fault. */
const SOON = { answerExpectedWithin: '3s' };
const LATER = { wait: '3500ms' };

const TRIALS: Readonly<Record<string, Trial>> = {
  'forgets what it has seen': {
    mutation: noDedupe,
    rule: 'doubled',
    steps: [{ fault: { direction: 'toBot', effect: { kind: 'duplicate', copies: 2 } } }, ASKS, REST],
  },
  'sends what was delivered once more': { mutation: sentTwice, rule: 'doubled', steps: [ASKS, REST] },
  'lets a message overtake one that is tried again': {
    mutation: noOrder,
    rule: 'outOfOrder',
    steps: [
      { fault: { direction: 'fromBot', match: { times: 1 }, effect: { kind: 'status', status: 503 } } },
      ASKS,
      REST,
      { clock: { jump: '1s' } },
      { customer: 'Ann', says: 'Where is order 123456?' },
      REST,
      PAUSE,
      REST,
    ],
  },
  'lets the bot speak while the agent has the conversation': {
    mutation: noGate,
    rule: 'replyAfterHandover',
    steps: AGENT_SPEAKS,
  },
  'answers where the latest event came from': {
    mutation: latestConversation,
    rule: 'wrongConversation',
    entails: ['unanswered'],
    settings: SOON,
    steps: [...AGENT_SPEAKS, PAUSE, { agent: 'Kim', closes: 'Ann' }, PAUSE, ASKS, REST],
  },
  'answers in a conversation that nobody has': {
    mutation: inventedConversation,
    rule: 'wrongConversation',
    entails: ['unanswered'],
    settings: SOON,
    steps: [ASKS, REST],
  },
  "answers in another customer's conversation": {
    mutation: othersConversation,
    rule: 'unanswered',
    settings: SOON,
    steps: [ASKS, PAUSE, { customer: 'Bob', says: 'When are you open?' }, LATER],
  },
  'forgets the token in its answers': { mutation: noToken, rule: 'tokenMissing', steps: [ASKS, REST] },
  'takes the event and does not answer it': { mutation: noAnswer, rule: 'tooSlow', steps: [ASKS, REST] },
  'never has the bot say anything': {
    mutation: silence,
    rule: 'unanswered',
    settings: SOON,
    steps: [ASKS, LATER],
  },
  'stamps as JSON does': { mutation: isoStamps, rule: 'malformed', steps: [ASKS, REST] },
};

/** A bot that cannot hold its tongue: the adapter has to do it for the bot. */
function talkative(logic: TurnLogic): TurnLogic {
  return async (context) => {
    await logic(context);
    if (context.activity.name === 'webexConnect.mirroredMessage') await context.sendActivity('May I help?');
  };
}

function perform({ steps, settings = {} }: Trial, mutation: Mutation): Promise<Played> {
  const {
    store: mutateStore = (store) => store,
    mount = onNodeHttp,
    logic: mutateLogic = (logic) => logic,
  } = mutation;
  const cast = contactCentreOn(() => mutateStore(new SqliteStore(':memory:')));
  const makeLogic = (store: SqliteStore) => mutateLogic(talkative(cast.makeLogic(store)));
  return play(planScenario({ name: 'Trial', settings, steps }), { ...cast, makeLogic, mount }, SEED);
}

/** What the judge saw, each rule once; all steps but the verdict have to come out as written. */
function rulesBroken({ result }: Played): readonly ViolationRule[] {
  const failed = result.steps.slice(0, -1).find(({ status }) => status !== 'passed');
  assert.equal(failed?.problem, undefined, failed?.title);
  return [...new Set(result.violations.map(({ rule }) => rule))];
}

for (const [title, trial] of Object.entries(TRIALS)) {
  describe(`An adapter that ${title}`, () => {
    it(`is caught by the judge: ${trial.rule}`, async () => {
      const { mutation, rule, entails = [] } = trial;
      assert.deepEqual(rulesBroken(await perform(trial, mutation)), [rule, ...entails]);
    });

    it('is cleared in the same scenario when it does not', async () => {
      const played = await perform(trial, {});
      assert.deepEqual(rulesBroken(played), []);
      assert.ok(played.result.passed, 'the scenario failed');
      for (const { name, chat } of played.world.customers) {
        assert.ok(
          chat.some(({ author }) => author === 'bot'),
          `${name} heard nothing`,
        );
      }
    });
  });
}
