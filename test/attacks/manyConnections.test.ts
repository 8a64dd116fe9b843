import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { postHead, RawClient } from '../support/rawClient';
import { Target } from './support/target';

const WANTED = 10_000;
/** What this process and the target have open beside the connections. */
const OTHER_FILES = 500;
/** Connections that are made at the same time: the system keeps no longer a queue of those that wait. */
const AT_ONCE = 100;

const GROWN_AT_MOST = 4 * 1024 * 1024;
const EMPTY_POST = `${postHead('Host: bot.test', 'Content-Length: 2')}{}`;

/** What each of them does with its connection. */
const HABITS: readonly string[] = [
  '',
  'POST /api/webex-connect HTTP/1.1\r\nHost: bot.test\r\n',
  `${postHead('Host: bot.test', 'Content-Length: 1000')}{"Event":`,
  EMPTY_POST,
];

/** Node raises its own limit to what it may have; so has the shell that it starts. */
function openFilesAllowed(): number {
  try {
    const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
    return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    return 1024;
  }
}

describe('ten thousand connections at the same time', () => {
  const count = Math.min(WANTED, openFilesAllowed() - OTHER_FILES);
  let target: Target;

  before(async () => {
    target = await Target.start();
  });
  after(() => target.stop());

  const connectAll = async () => {
    const clients: RawClient[] = [];
    while (clients.length < count) {
      const some = Math.min(AT_ONCE, count - clients.length);
      clients.push(...(await Promise.all(Array.from({ length: some }, () => RawClient.to(target.url)))));
    }
    return clients;
  };

  /** All come, most never say all they have begun to say, somebody else is served meanwhile, and all go. */
  const wave = async () => {
    const { stored } = await target.report();
    const clients = await connectAll();
    clients.forEach((client, number) => {
      client.send(HABITS[number % HABITS.length] ?? '');
    });
    await target.until(({ connections }) => connections >= count);
    const done = clients.filter((_, number) => HABITS[number % HABITS.length] === EMPTY_POST);
    for (const client of done) assert.equal(await client.status(), 200);
    await target.stillServes();
    assert.ok(
      clients.every(({ isOpen }) => isOpen),
      'a connection was cut',
    );
    for (const client of clients) client.destroy();
    const after = await target.until(({ connections }) => connections <= 1);
    assert.equal(after.stored, stored + 1, 'only the survivor was heard');
    return after.memoryBytes;
  };

  it(`(here ${count}: idle, halfway and done) keep nobody out, and leave nothing behind`, async function () {
    this.timeout(180_000);
    // Node keeps some of what it has once needed.
    const first = await wave();
    const grown = (await wave()) - first;
    assert.ok(grown < GROWN_AT_MOST, `the second ${count} connections left ${grown} bytes behind`);
    await target.stillServes();
  });
});
