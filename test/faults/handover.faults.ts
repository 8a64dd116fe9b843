import assert from 'node:assert/strict';
import { givenUp, handedOverTwice, RETRY_DELAYS_TO_GIVE_UP_MS, refused } from './support/handoverLives';
import { HandoverRun } from './support/handoverRun';
import type { HandoverVerdict } from './support/handoverVerdict';
import { type BoundaryRunOutcome, killAtEveryBoundary } from './support/killAtBoundaries';
import { report, table } from './support/report';
import { seededRandom } from './support/seededRandom';
import { STORES, type StoreUnderFault } from './support/stores';
import type { Chapter } from './support/storyline';

/** Random instants at which a process is killed, for each store. */
const KILLS = Math.max(10, Math.ceil(Number(process.env.FAULT_KILLS ?? 200) / 8));
const SEED = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
/** Each has at most one message on the wire at a time. */
const CONVERSATIONS = 10;
/** That many processes or pairs of them die and start at the same time. */
const BOTS = 4;

const OPTIONS = {
  leaseMs: 1000,
  pollMs: 100,
  // A process that is killed again and again is the test's doing: no turn is to be given up for it.
  turns: { maxAttempts: 1_000_000, retryDelayMs: 10 },
  outbound: { retryDelaysMs: Array.from({ length: 1000 }, () => 50) },
};
const IMPATIENT = { ...OPTIONS, outbound: { retryDelaysMs: RETRY_DELAYS_TO_GIVE_UP_MS } };

const [onSqlite, onPostgres] = STORES;
assert.ok(onSqlite !== undefined && onPostgres !== undefined, 'there are two stores');

/** A process takes a second to start, so that by default not every boundary of every kind has its turn. */
const ALL_BOUNDARIES = process.env.FAULT_BOUNDARIES === 'all';

interface Engine {
  readonly name: string;
  readonly store: StoreUnderFault;
  readonly replicas: number;
  /** 4 for every fourth commit boundary of a handover that is taken. */
  readonly stride: number;
}

const ENGINES: readonly Engine[] = [
  { name: 'SQLite', store: onSqlite, replicas: 1, stride: 4 },
  { name: 'PostgreSQL', store: onPostgres, replicas: 1, stride: 4 },
  { name: '2 replicas on PostgreSQL', store: onPostgres, replicas: 2, stride: 6 },
];
/** Of a handover that fails. */
const STRIDE_OF_FAILURES = 8;
/** Made by the one life only, and by one of two replicas hardly ever. */
const RARE_OPERATIONS = ['tieConversation', 'updateConversation'];
const OPERATIONS = ['accept', 'stage', 'settleTurn', 'settleSend'];

describe(`a handover whose process is killed (seed ${SEED})`, () => {
  after(() => console.log(`\n${table()}\n`));

  for (const { name, store, replicas, stride } of ENGINES) {
    describe(`on ${name}`, () => {
      afterEach(() => store.dispose());
      const makeBot = (options: object) => async () => {
        const { postgres, ...made } = { postgres: undefined, ...(await store.make()) };
        const few = { maxConnections: 4 };
        return { ...made, options, ...(postgres !== undefined && { postgres: { ...postgres, ...few } }) };
      };

      it('keeps to its states when killed at every commit boundary of its life', async () => {
        const lives = [handedOverTwice];
        const outcome = await killAtEveryBoundary({
          makeBot: makeBot(OPTIONS),
          replicas,
          lives,
          stride: ALL_BOUNDARIES ? 1 : stride,
          bots: BOTS,
        });
        mustHaveDiedAt(
          outcome,
          replicas,
          [...OPERATIONS, ...RARE_OPERATIONS],
          ['bot', 'handing over', 'acknowledged', 'agent', 'agent is done'],
        );
        reportRun(`${name}, handed over, commit boundaries`, outcome.deaths.length, outcome);
      });

      it('gives the conversation back when killed around a handover that fails', async () => {
        const lives = [refused, givenUp];
        const outcome = await killAtEveryBoundary({
          makeBot: makeBot(IMPATIENT),
          replicas,
          lives,
          stride: ALL_BOUNDARIES ? 1 : STRIDE_OF_FAILURES,
          bots: BOTS,
        });
        mustHaveDiedAt(outcome, replicas, OPERATIONS, ['bot', 'handing over']);
        reportRun(`${name}, handover fails, commit boundaries`, outcome.deaths.length, outcome);
      });

      it(`keeps to its states over ${KILLS} kills at random instants under load`, async () => {
        const run = await HandoverRun.on(await makeBot(OPTIONS)(), replicas);
        const verdict = await livesUnderFire(run).finally(() => run.end());
        const { retried } = run.platform.poster;
        reportRun(`${name}, handed over, random kills`, KILLS, { verdict, retried }, KILLS * CONVERSATIONS);
      });
    });
  }
});

async function livesUnderFire(run: HandoverRun): Promise<HandoverVerdict> {
  let isOver = false;
  const live = async (_: unknown, index: number) => {
    for (let number = 0; !isOver; number++) {
      await run.live(handedOverTwice, run.story(`conversation-${index}-life-${number}`));
    }
  };
  const killing = run.bots.killAtRandom({ kills: KILLS, life: [100, 1000], random: seededRandom(SEED) });
  const isKilled = killing.finally(() => {
    isOver = true;
  });
  await Promise.all([isKilled, ...Array.from({ length: CONVERSATIONS }, live)]);
  return run.verdict();
}

/**
 * Guards against a run in which nobody dies. Which replica makes a commit, and with which others it falls together, is
 * chance: so each kind must have had its turn, and with all boundaries of one process both sides of it and each state.
 */
function mustHaveDiedAt(
  { deaths }: BoundaryRunOutcome,
  replicas: number,
  operations: readonly string[],
  chapters: readonly Chapter[],
): void {
  assert.ok(deaths.length >= operations.length, `only ${deaths.length} processes have died`);
  if (replicas > 1) return;
  const diedAt = (place: string) => deaths.some(({ point }) => point.includes(place));
  const places = ALL_BOUNDARIES
    ? operations.flatMap((operation) => [`before-commit:${operation}:`, `after-commit:${operation}:`])
    : operations.map((operation) => `:${operation}:`);
  const missedChapters = chapters.filter((chapter) => !deaths.some((death) => death.chapter === chapter));
  const missed = [...places.filter((place) => !diedAt(place)), ...(ALL_BOUNDARIES ? missedChapters : [])];
  assert.deepEqual(missed, [], 'no process died there');
}

function reportRun(
  run: string,
  kills: number,
  { verdict, retried }: { readonly verdict: HandoverVerdict; readonly retried: number },
  onTheWire = kills,
): void {
  report({ run, kills, retried, verdict, onTheWire });
  assert.deepEqual(verdict.broken, [], run);
}
