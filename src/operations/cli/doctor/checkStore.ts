import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock';
import { errorMessage } from '../../../errors';
import { readStatus } from '../commands/storeStatus';
import { userText } from '../commands/userText';
import { durationText } from '../output/times';
import type { OperatorStore } from '../store/operatorStore';
import { pingBot } from '../store/pingBot';
import { type Check, fail, ok, warn } from './check';

const GIB = 1024 ** 3;
const LITTLE_ROOM = GIB;
const HARDLY_ANY_ROOM = GIB / 10;
/** A bot looks every second. */
const ANSWER_WITHIN_MS = 10_000;

/** Looks at the store, and at who runs on it. */
export async function checkStore(
  openStore: () => Promise<OperatorStore>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Check[]> {
  let store: OperatorStore;
  try {
    store = await openStore();
  } catch (error) {
    return [fail('store', errorMessage(error), 'mend this first; a bot cannot start without its store')];
  }
  return [
    ok('store', `${store.name}: reachable, its schema is current`),
    ...(await checkRoom(store)),
    await checkRunning(store, clock.now()),
    await guarded('store.writable', () => checkWritable(store, clock, signal)),
    await guarded('delivery', () => checkDelivery(store, clock.now())),
  ];
}

async function checkRoom(store: OperatorStore): Promise<Check[]> {
  const free = await store.freeBytes();
  if (free === undefined) return [];
  const name = 'store.room';
  const said = `${(free / GIB).toFixed(1)} GiB free`;
  if (free < HARDLY_ANY_ROOM) return [fail(name, said, 'make room: without it, events are answered 503')];
  return [free < LITTLE_ROOM ? warn(name, said, 'make room') : ok(name, said)];
}

async function checkRunning({ view }: OperatorStore, now: number): Promise<Check> {
  const name = 'running';
  const users = await view.users();
  const said = users.map((user) => userText(user, now)).join('; ');
  if (users.some(({ role }) => role === 'bot')) return ok(name, said);
  return warn(name, said === '' ? 'no bot runs on this store' : said, 'start the bot');
}

/** Writes a command that asks for nothing: a bot that runs answers it, and without one it is taken back. */
async function checkWritable({ view }: OperatorStore, clock: Clock, signal: AbortSignal): Promise<Check> {
  const name = 'store.writable';
  const began = clock.now();
  const answer = await pingBot(view, clock, { waitMs: ANSWER_WITHIN_MS, signal });
  const said = durationText(clock.now() - began);
  switch (answer.status) {
    case 'done':
      return ok(name, `yes, and the bot answers operators' commands (${said})`);
    case 'refused':
      return warn(name, `yes, but the bot says: ${answer.message}`, 'use the version that the bot runs on');
    case 'withdrawn':
    case 'unanswered':
      return warn(
        name,
        `yes, but the bot has not answered within ${said}`,
        'see whether it hangs, and its log',
      );
    case 'noBot':
      await writeAndTakeBack(view.requests, clock.now());
      return ok(name, 'yes');
  }
}

async function writeAndTakeBack(requests: OperatorStore['view']['requests'], now: number): Promise<void> {
  const id = randomUUID();
  await requests.submit([{ id, command: { kind: 'ping' } }], { now, expiresAfterMs: 1 });
  await requests.withdraw([id]);
}

async function checkDelivery({ view }: OperatorStore, now: number): Promise<Check> {
  const { reasons } = await readStatus(view, now);
  // Who runs is a check of its own.
  const others = reasons.filter((reason) => !reason.startsWith('no bot runs'));
  if (others.length === 0) return ok('delivery', 'nothing is stuck');
  return warn('delivery', others.join('; '), 'see webex-connect-bot status');
}

async function guarded(name: string, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    return fail(
      name,
      errorMessage(error),
      'see the free space, the permissions, and the health of the store',
    );
  }
}
