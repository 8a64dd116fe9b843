import assert from 'node:assert/strict';
import { BotProcess } from './support/botProcess';
import { crashRun } from './support/crashRun';
import { FaultPlatform } from './support/faultPlatform';
import { report, table } from './support/report';
import { seededRandom } from './support/seededRandom';
import { STORES } from './support/stores';
import { judge } from './support/verdict';

const KILLS = Number(process.env.FAULT_KILLS ?? 200);
const SEED = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
/** Each has at most one message on the wire at a time. */
const CONVERSATIONS = 10;
const LEASE_MS = 1000;
const OPTIONS = {
  leaseMs: LEASE_MS,
  pollMs: 200,
  turns: { maxAttempts: 1_000_000, retryDelayMs: 10 },
  outbound: { retryDelaysMs: Array.from({ length: 1000 }, () => 50) },
};

describe(`several replicas on one PostgreSQL (seed ${SEED})`, () => {
  const store = STORES.find(({ name }) => name === 'PostgreSQL');
  assert.ok(store !== undefined);

  after(() => console.log(`\n${table()}\n`));

  for (const replicas of [2, 4]) {
    it(`${replicas} of them, sent the same events at once and killed at random, lose, double and reorder nothing`, async () => {
      const kills = Math.ceil(KILLS / 2);
      const { verdict, retried } = await crashRun({
        bot: { ...(await store.make()), options: OPTIONS },
        replicas,
        conversations: CONVERSATIONS,
        kills,
        life: [100, 1500],
        random: seededRandom(SEED),
      });
      report({
        run: `${replicas} replicas on PostgreSQL, random kills`,
        kills,
        retried,
        verdict,
        onTheWire: kills * CONVERSATIONS,
      });
    });
  }

  it('one of them is frozen in mid-turn past its lease and resumed: it changes nothing any more', async () => {
    const platform = await FaultPlatform.listen();
    const settings = {
      ...(await store.make()),
      webhookUrl: platform.webhookUrl,
      options: { ...OPTIONS, turnMs: 150, replies: 3 },
    };
    const texts = ['1', '2', '3', '4', '5', '6'];
    const expected = new Map<string, string[]>();
    for (const round of [1, 2, 3]) {
      const [frozen, awake] = await Promise.all([BotProcess.start(settings), BotProcess.start(settings)]);
      assert.ok(frozen !== undefined && awake !== undefined);
      const conversationId = `F${round}`;
      expected.set(
        conversationId,
        texts.flatMap((text) => [1, 2, 3].map((part) => `Echo: ${text}/${part}`)),
      );
      const left = [...texts];
      let urls = [frozen.url];
      const talking = platform.converse(
        conversationId,
        () => left.shift(),
        () => urls,
      );
      const repliesHere = () => platform.replies.filter((reply) => reply.conversationId === conversationId);
      await platform.waitUntil(() => repliesHere().length >= round, 10_000, 'the first replies');
      urls = [awake.url];
      frozen.pause();
      const distinct = () => new Set(repliesHere().map(({ text }) => text)).size;
      await talking;
      await platform.waitUntil(() => distinct() === 18, 30_000, 'the other replica takes over');
      const before = platform.replies.length;
      frozen.resume();
      await new Promise((resolve) => setTimeout(resolve, 3 * LEASE_MS));
      const late = platform.replies.slice(before);
      const known = new Set(platform.replies.slice(0, before).map(({ idempotencyKey }) => idempotencyKey));
      assert.ok(
        late.every(({ idempotencyKey }) => known.has(idempotencyKey)),
        'the frozen replica sent a message of its own',
      );
      await Promise.all([frozen.kill('SIGTERM'), awake.kill('SIGTERM')]);
    }
    report({
      run: '2 replicas on PostgreSQL, one frozen past its lease',
      kills: 3,
      onTheWire: 6,
      retried: platform.retried,
      verdict: judge(platform.replies, expected),
    });
    await platform.close();
  });
});
