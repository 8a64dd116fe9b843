import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustBeFree } from '../../scripts/start/port';
import { FaultPlatform, type SeenReply } from '../faults/support/faultPlatform';
import { judge } from '../faults/support/verdict';
import { NpmScript } from '../support/npmScript';
import { newDatabase } from '../support/postgresServer';

const CONVERSATIONS = ['Ada', 'Ben', 'Cem', 'Dia', 'Eva', 'Fay'];
const TEXTS = ['1', '2', '3', '4', '5', '6'];

describe('the scale-out sample, as npm starts it', function () {
  this.timeout(180_000);

  let directory: string;
  const started: NpmScript[] = [];

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'webex-connect-scale-out-'));
    // PostgreSQL is another user where we are root.
    chmodSync(directory, 0o755);
  });
  afterEach(async () => {
    for (const app of started.splice(0)) await app.kill();
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  function start(environment: Record<string, string> = {}): NpmScript {
    const app = new NpmScript(['run', 'sample:scale-out'], 'Ctrl-C stops', directory, environment);
    started.push(app);
    return app;
  }

  const databases = () => readdirSync(directory).filter((name) => name.startsWith('webex-connect-postgres-'));

  describe('on a PostgreSQL and a webhook that there are', () => {
    let platform: FaultPlatform;

    beforeEach(async () => {
      platform = await FaultPlatform.listen();
    });
    afterEach(() => platform.close());

    it('loses, doubles and overtakes nothing when a replica is killed in the middle of its turns', async () => {
      const store = await newDatabase();
      const app = await start({
        WEBEX_CONNECT_STORE: store,
        WEBEX_CONNECT_WEBHOOK_URL: platform.webhookUrl,
      }).up();
      const bot = app.after('through the proxy:');

      const talks = CONVERSATIONS.map((conversation) => {
        const left = [...TEXTS];
        return platform.converse(
          conversation,
          () => left.shift(),
          () => [bot],
        );
      });
      // Whoever has given the first answer is in the next turn of that conversation, or of another.
      await platform.waitUntil(() => platform.replies.length > 0, 10_000, 'the first reply');
      const victim = replicaOf(platform.replies[0]);
      process.kill(Number(app.after(`${victim}, process`).replace(',', '')), 'SIGKILL');
      await app.prints(`${victim} (process`);

      await Promise.all(talks);
      const expected = new Map(CONVERSATIONS.map((conversation) => [conversation, TEXTS]));
      const seen = () => judge(platform.replies.map(withoutReplica), expected);
      await platform.waitUntil(() => seen().lost.length === 0, 60_000, 'an answer to everything');
      const { ambiguous, ...verdict } = seen();
      assert.deepEqual(verdict, { events: 36, lost: [], storedTwice: [], reordered: [], unexpected: [] });
      assert.ok(ambiguous <= CONVERSATIONS.length, 'only what was on the wire at the kill comes twice');
      const others = new Set(platform.replies.map(replicaOf).filter((name) => name !== victim));
      assert.equal(others.size, 2, 'both others have gone on');

      await app.prints(`${victim}, process`, 2);
      assert.deepEqual(await app.pressCtrlC(), { code: 0, signal: null });
      assert.equal(app.isRunning, false);
    });
  });

  describe('on its own', () => {
    it('shows that all are served, and stops all of it at Ctrl-C', async () => {
      const app = await start().up();
      await app.prints(/ \d+ [ABC]/);
      assert.equal((await fetch(new URL('/health/ready', app.after('through the proxy:')))).status, 200);
      assert.equal(databases().length, 1);
      const ports = ['through the proxy:', 'Webex Connect, emulated:'].map((label) =>
        Number(new URL(app.after(label)).port),
      );

      assert.deepEqual(await app.pressCtrlC(), { code: 0, signal: null });
      assert.match(
        app.output,
        /^\d+ messages written, [1-9]\d* answered, .* 0 answers read twice, 0 read late\.$/m,
      );
      assert.match(app.output, /^The emulator's judge has seen nothing wrong$/m);
      assert.equal(app.isRunning, false, 'nothing runs any more');
      for (const port of ports) await mustBeFree(port, 'the port');
      assert.deepEqual(databases(), [], 'nothing is left of the database');
    });

    it('leaves nothing behind when it is killed itself', async () => {
      const app = await start().up();
      const [main] = await app.pidsOf('samples/scale-out/index.ts');
      assert.ok(main !== undefined);
      process.kill(main, 'SIGKILL');
      // All that was started holds the terminal until its end, the database's process too.
      await app.ended;
      assert.deepEqual(await app.pidsOf('samples/scale-out'), []);
      assert.deepEqual(databases(), []);
    });
  });

  it('refuses a store that cannot be shared', async () => {
    const app = start({ WEBEX_CONNECT_STORE: 'sqlite:bot.db' });
    assert.equal((await app.ended).code, 1);
    assert.match(
      app.output,
      /^WEBEX_CONNECT_STORE must be a postgres:\/\/…: no other store serves several replicas\.$/m,
    );
  });
});

/** `3 (replica A)` is an answer to `3`. */
const REPLY = /^(\d+) \((replica [ABC])\)$/;

function replicaOf(reply: SeenReply | undefined): string {
  return REPLY.exec(reply?.text ?? '')?.[2] ?? 'nobody';
}

function withoutReplica(reply: SeenReply): SeenReply {
  return { ...reply, text: REPLY.exec(reply.text)?.[1] ?? reply.text };
}
