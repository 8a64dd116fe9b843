import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { mustBeFree } from '../../scripts/start/port';
import { serveHttp } from '../support/loopbackServer';
import { NpmStart } from './support/npmStart';

const WORLD = z.object({
  integration: z.object({ status: z.string() }),
  customers: z.array(
    z.object({
      conversationId: z.string().optional(),
      chat: z.array(z.object({ author: z.string(), text: z.string() })),
    }),
  ),
  wire: z.array(z.object({ kind: z.string(), conversationId: z.string().optional() })),
  violations: z.array(z.unknown()),
});

describe('npm start', function () {
  this.timeout(180_000);

  let directory: string;
  const started: NpmStart[] = [];

  // One for all: tsx keeps in it what it has compiled.
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'webex-connect-npm-start-'));
  });
  afterEach(async () => {
    for (const app of started.splice(0)) await app.kill();
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  /** The databases of sessions that are in the folder for temporary files. */
  function databases(): string[] {
    return readdirSync(directory).filter((name) => name.startsWith('webex-connect-start-'));
  }

  function start(environment: Record<string, string> = {}): NpmStart {
    const app = new NpmStart(directory, environment);
    started.push(app);
    return app;
  }

  async function worldOf(app: NpmStart): Promise<z.infer<typeof WORLD>> {
    return WORLD.parse(await (await fetch(`${app.pageUrl}/api/world`)).json());
  }

  /** Adds a customer who writes. Resolves with the conversation's ID, once the bot has answered. */
  async function chat(app: NpmStart, text: string): Promise<string> {
    const post = (path: string, body: object) =>
      fetch(`${app.pageUrl}/api/customers${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const { id } = z
      .object({ id: z.string() })
      .parse(await (await post('', { name: 'Ann', channel: 'SMS' })).json());
    await post(`/${id}/say`, { text });
    for (;;) {
      const [customer] = (await worldOf(app)).customers;
      const hasAnswer = customer?.chat.some(({ author }) => author === 'bot');
      if (hasAnswer && customer?.conversationId !== undefined) return customer.conversationId;
    }
  }

  it('wires the two together, verified, and says where they are', async () => {
    const app = await start().up();
    assert.match(app.pageUrl, /^http:\/\/localhost:\d+$/);
    assert.match(app.botUrl, /^http:\/\/localhost:\d+\/api\/webex-connect$/);
    const { integration, wire, violations } = await worldOf(app);
    assert.deepEqual([integration.status, wire.length, violations], ['active', 1, []]);
  });

  for (const [title, stop] of [
    ['Ctrl-C', (app: NpmStart) => app.pressCtrlC()],
    ['kill, which tells npm only', (app: NpmStart) => app.terminate()],
  ] as const) {
    it(`stops both at ${title}, and leaves nothing behind`, async () => {
      const before = databases();
      const app = await start().up();
      await chat(app, 'Where is order 123456?');
      assert.equal(databases().length, before.length + 1, 'it is on SQLite');
      const ports = [app.pageUrl, app.botUrl].map((url) => Number(new URL(url).port));
      // A page that is open has a stream that never ends.
      const stream = await fetch(`${app.pageUrl}/api/stream`);
      const reading = stream.text().catch(() => undefined);

      assert.deepEqual(await stop(app), { code: 0, signal: null });
      await reading;
      assert.equal(app.isRunning, false, 'nothing runs any more');
      for (const port of ports) await mustBeFree(port, 'the port');
      assert.deepEqual(databases(), before);
    });
  }

  it('starts from the beginning each time, whatever the session before has left', async () => {
    const first = await start().up();
    const conversationId = await chat(first, 'Can I talk to an agent?');
    await first.kill();

    const second = await start().up();
    const transcript = `/api/conversations/${encodeURIComponent(conversationId)}/transcript`;
    assert.equal((await fetch(new URL(transcript, second.botUrl))).status, 404, 'nothing is remembered');
    const own = await chat(second, 'When are you open?');
    const { wire, violations } = await worldOf(second);
    assert.deepEqual(new Set(wire.map((entry) => entry.conversationId)), new Set([undefined, own]));
    assert.deepEqual(violations, []);
  });

  it('remembers in the store that it is given', async () => {
    const store = { WEBEX_CONNECT_STORE: `sqlite:${join(directory, 'kept.db')}` };
    const first = await start(store).up();
    const conversationId = await chat(first, 'Hello');
    await first.pressCtrlC();
    assert.ok(readdirSync(directory).includes('kept.db'), 'the file stays');

    const second = await start(store).up();
    const transcript = `/api/conversations/${encodeURIComponent(conversationId)}/transcript`;
    assert.equal((await fetch(new URL(transcript, second.botUrl))).status, 200);
  });

  for (const variable of ['EMULATOR_PORT', 'PORT']) {
    it(`says which port is taken, and that ${variable} chooses another`, async () => {
      const other = await serveHttp((_request, response) => response.end());
      try {
        const app = start({ [variable]: String(other.port) });
        const { code } = await app.ended;
        assert.equal(code, 1);
        assert.ok(
          app.output.includes(`Port ${other.port} is taken. Set ${variable} to a free one.`),
          app.output,
        );
        assert.doesNotMatch(app.output, /^ +at .*:\d+:\d+\)?$/m, 'no stack trace');
        assert.equal(app.isRunning, false);
      } finally {
        await other.close();
      }
    });
  }

  it('says that a port is none', async () => {
    const app = start({ EMULATOR_PORT: '80 000' });
    assert.equal((await app.ended).code, 1);
    assert.match(app.output, /^EMULATOR_PORT is '80 000'; it must be a number from 0 to 65535\.$/m);
  });

  it('ends when the bot dies at its start, with what the bot said', async () => {
    const app = start({ WEBEX_CONNECT_STORE: 'oracle:' });
    assert.equal((await app.ended).code, 1);
    assert.match(app.output, /WEBEX_CONNECT_STORE must be 'memory:', /);
    assert.match(app.output, /^The bot has ended with exit code 1; see above\. The emulator stops too\.$/m);
    assert.equal(app.isRunning, false);
  });

  it('ends when the bot is killed', async () => {
    const before = databases();
    const app = await start().up();
    const [bot] = await app.pidsOf('samples/contact-centre/index.ts');
    assert.ok(bot !== undefined, 'the bot is a process');
    process.kill(bot, 'SIGKILL');
    assert.equal((await app.ended).code, 1);
    assert.match(app.output, /^The bot has ended by SIGKILL; see above\. The emulator stops too\.$/m);
    assert.deepEqual(databases(), before);
  });
});
