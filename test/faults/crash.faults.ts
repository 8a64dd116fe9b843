import assert from 'node:assert/strict';
import { BotProcess } from './support/botProcess';
import { crashRun } from './support/crashRun';
import { FaultPlatform } from './support/faultPlatform';
import { report, table } from './support/report';
import { seededRandom } from './support/seededRandom';
import { STORES } from './support/stores';
import { judge } from './support/verdict';

/** Random instants at which a process is killed, for each store. */
const KILLS = Number(process.env.FAULT_KILLS ?? 200);
/** Each has at most one message on the wire at a time. */
const CONVERSATIONS = 20;
const SEED = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);

const ADAPTER_OPTIONS = {
  leaseMs: 1000,
  // A process that is killed again and again is the test's doing: no turn is to be given up for it.
  turns: { maxAttempts: 1_000_000, retryDelayMs: 10 },
  outbound: { retryDelaysMs: Array.from({ length: 1000 }, () => 50) },
};

/** Every commit that the life of one message makes, by the operation in it. */
const FAIL_POINTS = ['accept', 'stage', 'settleTurn', 'settleSend'].flatMap((operation) =>
  ['before-commit', 'after-commit'].flatMap((boundary) =>
    [1, 2, 5].map((count) => `${boundary}:${operation}:${count}`),
  ),
);

describe(`a process that is killed (seed ${SEED})`, () => {
  after(() => console.log(`\n${table()}\n`));

  for (const store of STORES) {
    describe(`on ${store.name}`, () => {
      afterEach(() => store.dispose());

      it(`loses, doubles and reorders nothing over ${KILLS} kills at random instants under load`, async () => {
        const { verdict, retried } = await crashRun({
          bot: { ...(await store.make()), options: ADAPTER_OPTIONS },
          replicas: 1,
          conversations: CONVERSATIONS,
          kills: KILLS,
          life: [20, 250],
          random: seededRandom(SEED),
        });
        assert.ok(verdict.events > KILLS, `only ${verdict.events} events got through`);
        report({
          run: `${store.name}, random kills`,
          kills: KILLS,
          retried,
          verdict,
          onTheWire: KILLS * CONVERSATIONS,
        });
      });

      it('loses, doubles and reorders nothing when killed at every commit boundary', async () => {
        const texts = ['1', '2', '3', '4', '5'];
        const conversationIds = ['A', 'B'];
        const verdicts = [];
        let retried = 0;
        for (const killAt of FAIL_POINTS) {
          const platform = await FaultPlatform.listen();
          const settings = {
            ...(await store.make()),
            options: { ...ADAPTER_OPTIONS, replies: 2 },
            webhookUrl: platform.webhookUrl,
          };
          const doomed = await BotProcess.start({ ...settings, killAt });
          assert.ok(doomed !== undefined, killAt);
          let url = doomed.url;
          const talking = conversationIds.map((conversationId) => {
            const left = [...texts];
            return platform.converse(
              conversationId,
              () => left.shift(),
              () => [url],
            );
          });
          await doomed.exited();
          const heir = await BotProcess.start(settings);
          assert.ok(heir !== undefined, killAt);
          url = heir.url;
          await Promise.all(talking);
          const expected = new Map(
            conversationIds.map((conversationId) => [
              conversationId,
              texts.flatMap((text) => [`Echo: ${text}/1`, `Echo: ${text}/2`]),
            ]),
          );
          const distinct = () =>
            new Set(platform.replies.map((reply) => JSON.stringify([reply.conversationId, reply.text]))).size;
          await platform.waitUntil(() => distinct() >= 20, 30_000, killAt).catch(console.error);
          verdicts.push(judge(platform.replies, expected));
          retried += platform.retried;
          await heir.kill('SIGTERM');
          await platform.close();
          await store.dispose();
        }
        report({
          run: `${store.name}, ${FAIL_POINTS.length} commit boundaries`,
          kills: FAIL_POINTS.length,
          onTheWire: FAIL_POINTS.length * 2,
          retried,
          verdict: sumOf(verdicts),
        });
      });
    });
  }
});

function sumOf(verdicts: readonly ReturnType<typeof judge>[]): ReturnType<typeof judge> {
  return verdicts.reduce((sum, verdict) => ({
    events: sum.events + verdict.events,
    lost: [...sum.lost, ...verdict.lost],
    storedTwice: [...sum.storedTwice, ...verdict.storedTwice],
    ambiguous: sum.ambiguous + verdict.ambiguous,
    reordered: [...sum.reordered, ...verdict.reordered],
    unexpected: [...sum.unexpected, ...verdict.unexpected],
  }));
}
