import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createEmulator, type Emulator } from '../../src';
import { TestBot, TOKEN } from '../engine/support/testBot';

const PATHS = [
  '/world',
  '/customers',
  '/customers/customer-1/say',
  '/customers/customer-1/tap',
  '/customers/customer-1/send',
  '/customers/customer-1/acknowledge',
  '/customers/__proto__/say',
  '/desk/DESK/pick-up',
  '/desk/DESK/say',
  '/desk/DESK/transfer',
  '/desk/DESK/close',
  '/integration/verify',
  '/integration/edit',
  '/clock/pause',
  '/clock/resume',
  '/clock/step',
  '/clock/jump',
  '/faults',
  '/faults/fault-1',
  '/rule',
  '/dialect',
  '/wire/wire-2/resend',
  '/violations',
  '/recording/start',
  '/recording/stop',
  '/nothing/%00',
];
const FIELDS = [
  'name',
  'channel',
  'text',
  'payload',
  'mediaUrl',
  'receipt',
  'agent',
  'milliseconds',
  'rule',
].concat(
  [
    'dialect',
    'direction',
    'match',
    'effect',
    'kind',
    'status',
    'delayMs',
    'copies',
    'skewMs',
    'bytes',
    'event',
  ],
  [
    'customer',
    'times',
    'attempt',
    'probability',
    'verificationToken',
    'platform',
    '__proto__',
    'constructor',
  ],
);
const VALUES = [
  'Ann',
  'FB',
  'toBot',
  'fromBot',
  'refuse',
  'status',
  'answerLate',
  'duplicate',
  'clockSkew',
  'CCSP',
].concat([
  'https://example.com/a.png',
  'Read',
  'IMI BOT',
  'sloppyCasing',
  'reorder',
  'truncate',
  '1001',
  '1002',
  '',
]);
const POST_FIELDS = [
  'eventid',
  'conversation_id',
  'message',
  'Messagetype',
  'Timestamp',
  'customparam1',
].concat(['customparam3', 'Message', '__proto__', 'constructor', 'toString']);

const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0, 1, 3, 500, 1e5, 1e21, Number.MAX_SAFE_INTEGER) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

function bodyOf(fields: readonly string[]): fc.Arbitrary<string> {
  const object = fc
    .array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 4 })
    .map(
      (entries) => `{${entries.map(([name, of]) => `${JSON.stringify(name)}:${JSON.stringify(of)}`).join()}}`,
    );
  // One level deeper, where faults have their fields.
  const nested = fc
    .tuple(fc.constantFrom('toBot', 'fromBot'), object, object)
    .map(([direction, match, effect]) => `{"direction":"${direction}","match":${match},"effect":${effect}}`);
  return fc.oneof(object, nested, fc.json(), fc.string({ unit: 'binary' }));
}

describe('Garbage', function () {
  this.timeout(60_000);

  let emulator: Emulator;
  let bot: TestBot;

  beforeEach(async () => {
    bot = await TestBot.start();
    emulator = await createEmulator({
      botUrl: bot.url,
      verificationToken: TOKEN,
      seed: 1,
      answerWithinMs: 500,
    });
    await emulator.integration.verify();
    const ann = emulator.customer('Ann');
    await ann.says('Hello');
    await postAsBot(
      JSON.stringify({
        eventid: '1002',
        conversation_id: ann.conversationId,
        Timestamp: '2026-03-09 14:05:08.031',
      }),
    );
  });

  afterEach(async () => {
    await emulator.stop();
    await bot.stop();
  });

  async function postAsBot(body: string, contentType = 'application/json'): Promise<number> {
    const headers = { 'content-type': contentType };
    const answer = await fetch(emulator.webhookUrl, { method: 'POST', headers, body });
    await answer.text();
    return answer.status;
  }

  it('over REST is refused with words, and changes nothing that the world could not show', async () => {
    const desk = emulator.world().desk[0]?.id ?? '';
    const request = fc.record({
      method: fc.constantFrom('GET', 'POST', 'DELETE'),
      path: fc.constantFrom(...PATHS),
      body: bodyOf(FIELDS),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 6 }), async (requests) => {
        for (const { method, path, body } of requests) {
          const answer = await fetch(`${emulator.url}/api${path.replace('DESK', desk)}`, {
            method,
            ...(method !== 'GET' && { headers: { 'content-type': 'application/json' }, body }),
          });
          const text = await answer.text();
          assert.ok(
            [200, 400, 404, 409].includes(answer.status),
            `${method} ${path} ${body}: ${answer.status} ${text}`,
          );
          if (answer.status !== 200) assert.match(text, /^\{"error":".+"\}$/s);
        }
        JSON.stringify(emulator.world());
      }),
      { numRuns: 100 },
    );
  });

  it('on the webhook is refused with words, and shown on the wire', async () => {
    const { conversationId = '' } = emulator.customer('Ann');
    await fc.assert(
      fc.asyncProperty(bodyOf(POST_FIELDS), fc.boolean(), async (body, isTied) => {
        const sent = isTied
          ? body.replace('{', `{"conversation_id":${JSON.stringify(conversationId)},`)
          : body;
        const status = await postAsBot(sent);
        assert.ok([200, 400, 404].includes(status), `${status} for ${sent}`);
        const post = emulator.world().wire.at(-1);
        assert.ok(post?.kind === 'fromBot' && post.problems.length > 0, `nothing is wrong with ${sent}?`);
      }),
      { numRuns: 300 },
    );
    assert.ok(emulator.judge.violations.length > 100, 'the judge saw few');
  });
});
