import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { incomingMessage, messageDelivery, mirroredMessage, postback } from '../../src/testing';
import { eventually } from '../support/scene';
import { SECRETS, WORDS } from './support/canaries';
import { lookThrough } from './support/columns';
import { runCommands, runGlance } from './support/commands';
import { FATES } from './support/cruelWebhook';
import { ENGINES, type Engine, POISON } from './support/engines';
import { Evidence } from './support/evidence';
import { FAILURES } from './support/indiscreetBot';
import { PrivacyStage } from './support/privacyStage';
import { takeWrongOptions } from './support/wrongOptions';

const UNREADABLE = `{"Message":"${WORDS.unreadable}","Phone":"${WORDS.phone}"`;

/** Where a run must have left something, or it proves nothing. */
const PLACES = [
  'log line at info',
  'log line at warn',
  'log line at error',
  'log line at debug',
  '/metrics',
  '/health/live',
  '/health/ready',
  'adapter.health()',
  'health event',
  'inspected adapter',
  'dead letter',
  'quarantined',
  'conversation record',
  'sent to the webhook',
  'sent to the bridge',
  'error of sendActivity',
  'error of updateActivity',
  'error of an operation',
  ...[200, 401, 403, 405, 413, 503].map((status) => `answer ${status}`),
  ...['status', 'doctor', 'dead-letters', 'quarantine', 'conversations', 'explain', 'reactivate', 'tail'].map(
    (group) => `command ${group}`,
  ),
];

/** The methods of the store whose errors somebody hears of. */
const MUST_FAIL = [
  ...['accept', 'claimTurns', 'settleTurn', 'stage', 'settleSend'],
  ...['quarantine', 'listQuarantine', 'listDeadLetters', 'listConversations', 'stats'],
];

/** A message of a customer who tells all about himself. */
function message(text: string, conversationId: string, wire: object = {}) {
  return incomingMessage({
    text: `${WORDS.text} ${text}`,
    conversationId,
    timestamp: Date.now(),
    media: text.includes('undecodable')
      ? ['https://example.com/undecodable']
      : [`https://example.com/${WORDS.media}`],
    wire: {
      CustomerName: WORDS.name,
      Msisdn: WORDS.phone,
      customparam1: WORDS.name,
      customparam2: WORDS.phone,
      ...wire,
    },
  });
}

async function liveNormally(stage: PrivacyStage): Promise<void> {
  await stage.keepBotState({ said: WORDS.state, eTag: '*' });
  await stage.keepBotState({ said: WORDS.state, eTag: 'of nobody' });
  await stage.keepBotState({ said: WORDS.state, amount: 1n });
  await stage.post(message('hello', 'C-normal'));
  await stage.post(postback({ payload: WORDS.postback, conversationId: 'C-normal' }));
  await stage.post(
    messageDelivery({ conversationId: 'C-normal', status: 'Failed', description: WORDS.description }),
  );
  await stage.post({
    ConversationId: 'C-normal',
    Event: 'Something New',
    Said: WORDS.text,
    customparam3: WORDS.phone,
  });
  await stage.post(message('hello again', 'C-normal', { __proto__: null }), {
    token: SECRETS.oldAccessToken,
  });
  await stage.settled();
}

async function sufferStrangers(stage: PrivacyStage): Promise<void> {
  const event = message('who is there', 'C-strangers');
  assert.equal(await stage.post(event, { token: SECRETS.strangersToken }), 401);
  assert.equal(await stage.post(event, { token: SECRETS.accessToken.slice(1) }), 401);
  assert.equal(await stage.post(event, { signature: SECRETS.strangersSignature }), 401);
  assert.equal(await stage.post(event, { signature: 'sha256=00' }), 401);
  assert.equal(await stage.post(event, { headers: { 'x-banned': WORDS.text } }), 403);
  assert.equal(await stage.post(event, { headers: { 'x-undecided': WORDS.text } }), 503);
  assert.equal(await stage.post(event, { headers: { 'x-parsed': 'yes' } }), 401);
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'])
    assert.equal(await stage.post('', { method }), 405);
  assert.equal(await stage.post('', { method: 'HEAD' }), 200);
}

async function sufferBodies(stage: PrivacyStage): Promise<void> {
  for (const body of [
    '',
    '{}',
    `{"hello":"${WORDS.unreadable}"}`,
    UNREADABLE,
    WORDS.unreadable,
    `[{"Event":"Incoming message","Message":"${WORDS.unreadable}"}]`,
    `{"Event":"Incoming message","Message":"${WORDS.unreadable}"}`,
    `{"Event":"Incoming message","Conversationid":"${WORDS.unreadable}\\n"}`,
    `{"Message":"${WORDS.unreadable}","Deep":${'['.repeat(100)}${']'.repeat(100)}}`,
    Buffer.concat([Buffer.from([0xff]), Buffer.from(UNREADABLE)]),
  ]) {
    assert.equal(await stage.post(body), 200);
  }
  assert.equal(await stage.post(WORDS.unreadable.repeat(10_000)), 413);
  assert.equal(await stage.post(message('undecodable', 'C-undecodable')), 200);
  await stage.post(message('unredactable', 'C-unredactable'));
  await stage.settled();
}

async function sufferTheWebhook(stage: PrivacyStage): Promise<void> {
  for (const fate of FATES) await stage.post(message(fate, `C-${fate}`));
  await stage.settled();
}

async function sufferTheBot(stage: PrivacyStage): Promise<void> {
  for (const failure of Object.keys(FAILURES)) await stage.post(message(failure, `C-${failure}`));
  await stage.post(message('sends wrongly', 'C-wrong'));
  await stage.settled();
}

async function handOver(stage: PrivacyStage, conversationId: string, fate = ''): Promise<void> {
  await stage.post(message(`hands over ${fate}`, conversationId));
  await stage.settled();
  const agentConversationId = `A-${conversationId}`;
  const base = { conversationId, agentConversationId };
  for (const said of [
    { text: WORDS.agent },
    { text: WORDS.mirrored, author: 'customer' },
    { text: `${WORDS.agent} unredactable` },
  ] as const) {
    await stage.post(mirroredMessage({ ...base, ...said, timestamp: Date.now() }));
  }
  const typing = {
    Conversationid: agentConversationId,
    ConversationType: 'AGENT',
    Event: 'Typing',
    Said: WORDS.agent,
  };
  await stage.post({ ...typing, BotConversationid: conversationId });
  await stage.settled();
  await stage.post(message('back with the bot', conversationId));
  await stage.settled();
}

async function sufferHandovers(stage: PrivacyStage): Promise<void> {
  await handOver(stage, 'H-good');
  await handOver(stage, 'H-dead', 'fateRefused');
  await handOver(stage, 'H-broken', 'fateBroken');
  const untied = { text: WORDS.agent, agentConversationId: 'A-untied', isTied: false };
  await stage.post(
    mirroredMessage({ ...untied, timestamp: Date.now(), wire: { customparam1: WORDS.phone } }),
  );
  await stage.settled();
}

/** Each of the store's methods fails once; then its database refuses what it is given. */
async function sufferTheStore(stage: PrivacyStage): Promise<void> {
  const { running, evidence } = stage;
  const methods = [...stage.called].filter((method) => method !== 'open' && method !== 'close');
  for (const method of methods) stage.failing.add(method);
  await stage.lookAround().catch(() => {});
  for (let n = 0; n < 4; n++) await stage.post(message(`while the store fails ${n}`, `C-store-${n}`));
  await stage.post(UNREADABLE);
  await eventually('the store is well again', async () => {
    await stage.post(message('is it well', 'C-well'));
    await running.quarantine.list().catch(() => {});
    await running.deadLetters.list().catch(() => {});
    await running.conversations.list().catch(() => {});
    const { store } = await running.health();
    return (
      store !== undefined &&
      !['accept', 'claimTurns', 'settleTurn', 'stage', 'settleSend'].some((method) =>
        stage.failing.has(method),
      )
    );
  });
  stage.failing.clear();
  await stage.post(message(`refused ${POISON.inbox}`, 'C-poison'));
  await stage.post(message(`refused ${POISON.transcript}`, 'C-poison'));
  await stage.post(message(`refused ${POISON.outbox}`, 'C-poison'));
  await stage.settled();
  for (const act of [
    () => running.quarantine.replay('no such'),
    () => running.deadLetters.discard('no such'),
    () => running.conversations.tie('no such', 'no such'),
    () => running.reactivate('no such'),
  ]) {
    await assert.rejects(act(), (error) => {
      evidence.addError('error of an operation', error);
      return true;
    });
  }
}

async function replayEverything(stage: PrivacyStage): Promise<void> {
  const { quarantine, deadLetters } = stage.running;
  const onError = (error: unknown) => stage.evidence.addError('error of an operation', error);
  for (const { id } of await quarantine.list()) await quarantine.replay(id).catch(onError);
  for (const { id } of await deadLetters.list()) await deadLetters.replay(id).catch(onError);
  await stage.settled();
}

/** The bot comes back to a webhook that nobody answers at, until an operator says that it is well. */
async function comeBackToNobody(stage: PrivacyStage): Promise<void> {
  await stage.webhook.goAway();
  await stage.start(2);
  for (const n of [1, 2, 3]) await stage.post(message('is anybody there', `C-nobody-${n}`));
  await eventually('the webhook is inactive', async () => {
    const { status } = await stage.running.health();
    return status !== 'pass' && stage.evidence.countOf('health event') > 0;
  });
  await stage.lookAround();
  await runGlance(stage);
  await stage.webhook.comeBack();
  await stage.running.reactivate();
  await stage.settled();
}

describe('What leaves the adapter (I9)', () => {
  for (const [name, makeEngine] of Object.entries(ENGINES)) {
    describe(`on ${name}`, () => {
      const evidence = new Evidence();
      let engine: Engine;
      let stage: PrivacyStage;
      let listenLess: () => void = () => {};

      before(async function playEverything() {
        this.timeout(120_000);
        listenLess = listenToProcess(evidence);
        engine = await makeEngine();
        stage = await PrivacyStage.open(engine, evidence);
        await stage.start(1000);
        await liveNormally(stage);
        await sufferStrangers(stage);
        await sufferBodies(stage);
        await sufferTheWebhook(stage);
        await sufferTheBot(stage);
        await sufferHandovers(stage);
        await stage.lookAround();
        await runCommands(stage);
        await sufferTheStore(stage);
        await replayEverything(stage);
        await stage.lookAround();
        // It is cut off in the middle of a turn.
        await stage.post(message('hangs', 'C-hangs'));
        await eventually('the turn hangs', () => stage.hasHung);
        await stage.stop();
        await comeBackToNobody(stage);
        stage.lookAtPosts();
      });

      after(async () => {
        await stage.close();
        listenLess();
        await engine.dispose();
      });

      it('is none of the secrets, and nobody’s words', () => {
        assert.deepEqual(evidence.leaks, []);
      });

      it('is not in the database either, but for words in the columns that exist for them', async () => {
        const stored = new Evidence();
        const unused = lookThrough(await engine.cells(), engine.columns, stored);
        for (const file of engine.files()) stored.add('file', file.toString('latin1'), 'words');
        assert.deepEqual(stored.leaks, []);
        assert.deepEqual(unused, [], 'nothing shows that these columns are needed');
      });

      it('was looked for in all that is there', () => {
        const empty = PLACES.filter((place) => evidence.countOf(place) === 0);
        assert.deepEqual(empty, []);
        const spared = MUST_FAIL.filter((method) => !stage.failed.has(method));
        assert.deepEqual(spared, [], 'these methods of the store were never made to fail');
      });
    });
  }
});

describe('What an option that is wrong is answered (I9)', () => {
  it('names no value', async () => {
    const evidence = new Evidence();
    await takeWrongOptions((what, error) => evidence.addError(what, error));
    assert.deepEqual(evidence.leaks, []);
  });
});

/** What goes past every logger. */
function listenToProcess(evidence: Evidence): () => void {
  const onWarning = (warning: Error) => evidence.addError('warning', warning);
  const onRejection = (reason: unknown) => evidence.addError('unhandled rejection', reason);
  process.on('warning', onWarning);
  process.on('unhandledRejection', onRejection);
  const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;
  const originals = methods.map((method) => [method, console[method]] as const);
  for (const [method, original] of originals) {
    console[method] = (...args: unknown[]) => {
      evidence.add('console', args.map((arg) => inspect(arg, { depth: 20 })).join(' '));
      original(...args);
    };
  }
  return () => {
    process.off('warning', onWarning);
    process.off('unhandledRejection', onRejection);
    for (const [method, original] of originals) console[method] = original;
  };
}
