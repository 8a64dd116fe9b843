import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TurnContext } from 'botbuilder';
import { type DeliveryStore, MemoryStore } from 'botbuilder-adapter-webex-connect';
import { SqliteStore } from 'botbuilder-adapter-webex-connect/sqlite';
import { createEmulator, type Emulator } from 'webex-connect-emulator';
import { EchoBot, type ServedBot, serveBot, VERIFICATION_TOKEN } from './echoBot.js';

describe('A bot on an emulated Webex Connect', function () {
  this.timeout(30_000);

  let emulator: Emulator;
  let folder: string;
  let served: ServedBot | undefined;

  beforeEach(async () => {
    emulator = await createEmulator({ seed: 1, verificationToken: VERIFICATION_TOKEN });
    folder = mkdtempSync(join(tmpdir(), 'webex-connect-compat-'));
  });

  afterEach(async () => {
    await served?.stop();
    served = undefined;
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const echo = (context: TurnContext) => new EchoBot().run(context);

  async function start(store: DeliveryStore, logic = echo, port = 0): Promise<void> {
    served = await serveBot(emulator.webhookUrl, store, logic, port);
    emulator.integration.edit({ botUrl: served.url });
    assert.ok(await emulator.integration.verify(), 'the bot was not verified');
  }

  for (const [name, open] of [
    ['memory', () => new MemoryStore()],
    ['SQLite', () => new SqliteStore(join(folder, 'bot.db'))],
  ] as const) {
    it(`answers a customer, with ${name}`, async () => {
      await start(open());
      const ann = emulator.customer('Ann', 'WHATSAPP');
      await ann.says('hello');
      await ann.reads('Echo: hello');
      assert.deepEqual(await emulator.judge.verdict(), []);
    });

    it(`hands a customer over and takes them back, with ${name}`, async () => {
      await start(open());
      const ann = emulator.customer('Ann', 'WHATSAPP');
      await ann.says('hello');
      await ann.reads('Echo: hello');
      await ann.says('I want an agent');
      const { customParams } = await emulator.desk.receives('Ann');
      assert.match(customParams.customparam2 ?? '', /customer: hello\nbot: Echo: hello\n/);
      emulator.desk.pickUp('Ann', 'Kim');
      await emulator.desk.says('Ann', 'Hello, this is Kim.');
      await ann.reads('Hello, this is Kim.');
      await ann.says('thank you');
      await emulator.desk.close('Ann');
      await ann.says('and again');
      await ann.reads('Echo: and again');
      const echoes = ann.chat.map(({ text }) => text).filter((text) => text?.startsWith('Echo:'));
      assert.deepEqual(
        echoes,
        ['Echo: hello', 'Echo: and again'],
        'the bot kept silent while the agent spoke',
      );
      assert.deepEqual(await emulator.judge.verdict(), []);
    });
  }

  it('goes on with what its process was doing when it was killed', async () => {
    const file = join(folder, 'bot.db');
    const args = [join(process.cwd(), 'crashingBot.js'), emulator.webhookUrl, file, '0'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const died = once(child, 'exit');
    const [line] = await once(child.stdout, 'data');
    const botUrl = String(line).trim();
    emulator.integration.edit({ botUrl });
    assert.ok(await emulator.integration.verify(), 'the bot was not verified');
    const ann = emulator.customer('Ann', 'WHATSAPP');
    await ann.says('hello');
    assert.deepEqual(await died, [null, 'SIGKILL']);

    const logic = async (context: TurnContext) => {
      await context.sendActivity('One moment.');
      await echo(context);
    };
    await start(new SqliteStore(file), logic, Number(new URL(botUrl).port));
    await ann.reads('Echo: hello');
    // The turn was run again; what it had stored the first time was not stored again.
    const told = ann.chat.filter(({ author }) => author === 'bot').map(({ text }) => text);
    assert.deepEqual(told, ['One moment.', 'Echo: hello']);
  });
});
