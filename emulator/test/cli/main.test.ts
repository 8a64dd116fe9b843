import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/cli/main';
import { BOT_TOKEN, DeskBot } from '../support/deskBot';

const GREETING =
  'name: Greeting\nsteps:\n  - { customer: Ann, says: hi }\n  - { customer: Ann, reads: Hello }\n';
const DEAF = 'name: Deaf\nsettings: { patience: 50ms }\nsteps:\n  - { customer: Ann, reads: Hello }\n';

describe('The command line', () => {
  let folder: string;
  let bot: DeskBot;
  let printed: string[];
  let warned: string[];
  let onPrint: (line: string) => void;
  let stop: () => void;
  let stopped: Promise<void>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'webex-connect-emulator-'));
    bot = new DeskBot();
    await bot.start();
    printed = [];
    warned = [];
    onPrint = () => {};
    stopped = new Promise((resolve) => {
      stop = resolve;
    });
  });

  afterEach(async () => {
    await bot.end();
    rmSync(folder, { recursive: true });
  });

  function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
    const print = (line: string) => {
      printed.push(line);
      onPrint(line);
    };
    return main(args, { env, print, warn: (line) => warned.push(line), stopped });
  }

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  it('shows help and version', async () => {
    assert.deepEqual([await run(['--help']), await run(['-v'])], [0, 0]);
    assert.match(printed[0] ?? '', /webex-connect-emulator run <scenario…> --bot-url/);
    assert.match(printed[1] ?? '', /^\d+\.\d+\.\d+$/);
  });

  describe('is wrong, and ends with 2,', () => {
    const WRONG: readonly [string, readonly string[], RegExp][] = [
      ['with an option that there is not', ['--prot', '4000'], /--prot/],
      ['with a command that there is not', ['story.yml'], /did you mean 'run story\.yml'/],
      [
        'with a port that is none',
        ['--port', '70000'],
        /--port is '70000'; it must be a whole number from 0 to 65535/,
      ],
      ['with a port that is no number', ['--port', 'http'], /--port is 'http'/],
      [
        'with a URL that is none',
        ['--bot-url', 'localhost:3978'],
        /--bot-url is 'localhost:3978': must be an http/,
      ],
      ['with a platform that there is not', ['--platform', 'IMIBOT'], /--platform is 'IMIBOT'/],
      ['with a rule that there is not', ['--rule', 'NONE'], /--rule is 'NONE'/],
      ['with a path that is none', ['--webhook-path', 'a/b'], /--webhook-path is 'a\/b'/],
      ['with transcripts of no conversation', ['--transcript-url', '/talks'], /must hold \{conversationId\}/],
      ['with a report of no run', ['--junit', 'report.xml'], /belong to 'webex-connect-emulator run/],
      ['without a scenario', ['run', '--bot-url', 'http://localhost:1/'], /Name the scenario files/],
      [
        'with a run at just any port',
        ['run', 'story.yml', '--bot-url', 'http://localhost:1/', '--port', '0'],
        /needs a --port that the bot knows/,
      ],
      ['without a bot to run it', ['run', 'story.yml'], /needs --bot-url/],
      [
        'with a file that is not there',
        ['run', 'no-such.yml', '--bot-url', 'http://localhost:1/'],
        /There is no no-such\.yml/,
      ],
    ];
    for (const [name, args, expected] of WRONG) {
      it(name, async () => {
        assert.equal(await run(args), 2);
        assert.match(warned[0] ?? '', expected);
        assert.match(warned[1] ?? '', /--help/);
      });
    }

    it('with files that cannot be read, all of them at once', async () => {
      const large = file('large.yml', ' '.repeat(9_000_000));
      const gone = join(folder, 'gone.yml');
      symlinkSync(join(folder, 'nowhere'), gone);
      assert.equal(await run(['run', folder, '--bot-url', bot.url]), 2);
      assert.ok(warned[0]?.includes(`${large} is too large`), warned[0]);
      assert.ok(warned[0]?.includes(`${gone} cannot be read: ENOENT`), warned[0]);
    });

    it('with scenarios that are not well formed, all of them at once', async () => {
      const one = file('one.yml', 'name: x\nsteps: []');
      const two = file('two.yml', 'name: x\nsteps: [{ wait: soon }]');
      assert.equal(await run(['run', one, two, '--bot-url', bot.url]), 2);
      assert.ok(warned[0]?.includes(`${one}:2: steps`), warned[0]);
      assert.ok(warned[0]?.includes(`${two}:2: steps[0].wait`), warned[0]);
    });
  });

  describe('starts the emulator', () => {
    /** Starts it, and stops it as soon as it is up. */
    function serve(...args: string[]): Promise<number> {
      onPrint = (line) => {
        if (line.startsWith('Ctrl-C')) stop();
      };
      return run(['--port', '0', ...args], { WEBEX_CONNECT_VERIFICATION_TOKEN: BOT_TOKEN });
    }

    it('without a bot, until it is stopped', async () => {
      let status: number | undefined;
      onPrint = (line) => {
        if (!line.startsWith('Ctrl-C')) return;
        const [page = ''] = /http:\S+/.exec(printed[1] ?? '') ?? [];
        void fetch(page).then((answer) => {
          status = answer.status;
          stop();
        });
      };
      assert.equal(await run(['--port', '0']), 0);
      assert.equal(status, 200);
      assert.match(printed[1] ?? '', /page +http:\/\/localhost:\d+$/);
      assert.match(printed[2] ?? '', /webhook +http:\/\/127\.0\.0\.1:\d+\/hooks\/[\w-]{20,} /);
      assert.match(printed[3] ?? '', /none yet/);
    });

    it('with a bot, which it verifies', async () => {
      assert.equal(await serve('--bot-url', bot.url, '--webhook-path', 'mine'), 0);
      assert.match(printed[2] ?? '', /\/hooks\/mine /);
      assert.ok(printed[3]?.endsWith(`${bot.url}   (verified)`), printed[3]);
    });

    it('with a bot that cannot be verified, and says why', async () => {
      assert.equal(await serve('--bot-url', bot.url, '--verification-token', 'another'), 0);
      assert.match(printed[3] ?? '', /NOT verified: .+; verify again in the page/);
    });

    it('not when the port is taken, and says which', async () => {
      const port = new URL(bot.url).port;
      assert.equal(await run(['--port', port]), 1);
      assert.match(warned[0] ?? '', new RegExp(`^Port ${port} is taken\\. Choose another with --port`));
    });
  });

  describe('runs scenarios', () => {
    const PATH = 'scenarios';

    /** The port is known beforehand, as the bot has to know it. */
    async function play(...args: string[]): Promise<number> {
      const port = await freePort();
      bot.webhookUrl = `http://127.0.0.1:${port}/hooks/${PATH}`;
      return run([
        'run',
        ...args,
        '--port',
        String(port),
        '--bot-url',
        bot.url,
        '--verification-token',
        BOT_TOKEN,
      ]);
    }

    it('that pass', async () => {
      assert.equal(await play(file('greeting.yml', GREETING), '--seed', '3'), 0);
      assert.match(printed[0] ?? '', /^passed {2}Greeting \(\d+ ms\)$/);
      assert.equal(printed.at(-1), '1 passed, 0 failed; again with --seed 3');
    });

    it('in a folder, of which one fails', async () => {
      file('a.yml', GREETING);
      const deaf = file('b.yaml', DEAF);
      file('c.txt', 'no scenario');
      mkdirSync(join(folder, 'd.yml'));
      assert.equal(await play(folder), 1);
      assert.match(printed[1] ?? '', /^FAILED {2}Deaf/);
      assert.ok(printed[2]?.includes(`${deaf}:4: Ann reads "Hello"`), printed[2]);
      assert.match(printed[3] ?? '', /Ann was to read "Hello", but read nothing/);
    });

    it('twice with the same bot, which takes nothing for a repeat', async () => {
      const greeting = file('greeting.yml', GREETING);
      assert.deepEqual([await play(greeting), await play(greeting)], [0, 0]);
    });

    it('and writes a JUnit report', async () => {
      const junit = join(folder, 'report.xml');
      assert.equal(await play(file('a.yml', GREETING), file('b.yml', DEAF), '--junit', junit), 1);
      const report = readFileSync(junit, 'utf8');
      assert.match(report, /<testsuites name="webex-connect-emulator" tests="2" failures="1"/);
      assert.match(report, /<testcase name="Greeting" classname="[^"]+a\.yml" time="[\d.]+">/);
      assert.match(report, /<failure message="Ann was to read &quot;Hello&quot;, but read nothing\./);
    });

    it('and makes the folder of the report', async () => {
      const junit = join(folder, 'reports', 'of today', 'report.xml');
      assert.equal(await play(file('a.yml', GREETING), '--junit', junit), 0);
      assert.match(readFileSync(junit, 'utf8'), /tests="1"/);
    });

    it('and says when the report cannot be written, after all that there is to tell', async () => {
      const junit = join(file('a.yml', GREETING), 'report.xml');
      assert.equal(await play(join(folder, 'a.yml'), '--junit', junit), 1);
      assert.match(printed.join('\n'), /^passed {2}Greeting/);
      assert.match(warned[0] ?? '', /a\.yml/);
    });

    it('and reports those that were played when the next cannot be', async () => {
      const junit = join(folder, 'report.xml');
      const other = new DeskBot();
      onPrint = (line) => {
        // Somebody takes the port between two scenarios.
        if (line.startsWith('passed')) other.startAt(Number(new URL(bot.webhookUrl).port));
      };
      const greetings = [file('a.yml', GREETING), file('b.yml', GREETING)];
      assert.equal(await play(...greetings, '--junit', junit), 1);
      await other.end();
      assert.match(warned.join(), /^Port \d+ is taken/);
      assert.match(readFileSync(junit, 'utf8'), /tests="1" failures="0"/);
    });

    it('to their end, though the bot never answers', async () => {
      await bot.end();
      const deaf = createServer();
      await new Promise<void>((resolve) => deaf.listen(Number(new URL(bot.url).port), '127.0.0.1', resolve));
      const hasty = GREETING.replace('steps:', 'settings: { answerWithin: 50ms, patience: 50ms }\nsteps:');
      assert.equal(await play(file('a.yml', hasty)), 1);
      assert.match(printed.join('\n'), /could not be verified: no answer within 50 ms/);
      const unverified = hasty.replace('{ ', '{ verified: false, answerExpectedWithin: 50ms, ');
      assert.equal(await play(file('a.yml', unverified)), 1);
      assert.match(printed.join('\n'), /Ann was to read "Hello", but read nothing/);
      deaf.closeAllConnections();
      await new Promise((resolve) => deaf.close(resolve));
    });

    it('and tells what the judge saw', async () => {
      await bot.end();
      bot = new DeskBot({ forgetsWhatItHasSeen: true });
      await bot.start();
      const twice = 'name: x\nsteps: [{ customer: Ann, says: hi }, { resend: {} }, { wait: idle }]';
      assert.equal(await play(file('a.yml', twice)), 1);
      assert.match(printed.join('\n'), /the judge saw doubled: /);
    });

    it('by the rule and in the dialect of the command line, unless they name others', async () => {
      const events: string[] = [];
      bot.onEvent = (event) => events.push(event);
      const says = 'name: x\nsteps: [{ customer: Ann, says: hi }]';
      await play(file('a.yml', says), '--dialect', 'withoutMessageid', '--rule', 'CCSP');
      await play(
        file('a.yml', `settings: { dialect: documented }\n${says}`),
        '--dialect',
        'withoutMessageid',
      );
      assert.deepEqual(
        events.filter((event) => event !== '{}').map((event) => event.includes('Messageid')),
        [false, true],
      );
    });

    it('of the same name, with IDs that the bot has not met', async () => {
      const greeting = file('a.yml', GREETING);
      assert.equal(await play(greeting, greeting, file('b.yml', GREETING), '--json', '--seed', '3'), 0);
      const seeds = JSON.parse(printed[0] ?? '').map(({ seed }: { seed: number }) => seed);
      assert.equal(new Set(seeds).size, 3);
    });

    it('and prints JSON, and nothing else, on standard output', async () => {
      assert.equal(await play(file('a.yml', GREETING), '--json', '--seed', '3'), 0);
      assert.equal(printed.length, 1);
      const [result] = JSON.parse(printed[0] ?? '');
      assert.deepEqual([result.name, result.passed, typeof result.seed], ['Greeting', true, 'number']);
      assert.match(warned[0] ?? '', /^passed/);
    });

    it('with IDs that the bot has not met, and the same ones with the same seed', async () => {
      const greeting = file('greeting.yml', GREETING);
      const seeds: unknown[] = [];
      for (const seed of [[], [], ['--seed', '3'], ['--seed', '3'], ['--seed', '4']]) {
        await play(greeting, '--json', ...seed);
        seeds.push(JSON.parse(printed.at(-1) ?? '')[0].seed);
      }
      assert.equal(new Set(seeds).size, 4);
      assert.equal(seeds[2], seeds[3]);
      file('b.yml', GREETING.replace('Greeting', 'Again'));
      await play(folder, '--json', '--seed', '3');
      const [one, other] = JSON.parse(printed.at(-1) ?? '');
      assert.notEqual(one.seed, other.seed);
      await play(file('seeded.yml', `settings: { seed: 5 }\n${GREETING}`), '--json');
      assert.equal(JSON.parse(printed.at(-1) ?? '')[0].seed, 5);
    });

    it('until it is stopped', async () => {
      const patient = DEAF.replace('50ms', '10m');
      onPrint = () => {};
      const running = play(file('a.yml', patient), file('b.yml', GREETING));
      while (!bot.wasAsked) await new Promise(setImmediate);
      stop();
      assert.equal(await running, 1);
      assert.match(printed.join('\n'), /interrupted/);
      assert.ok(!printed.some((line) => line.includes('Greeting')), 'the next was begun');
    });
  });
});

async function freePort(): Promise<number> {
  const holder = new DeskBot();
  await holder.start();
  await holder.stop();
  return Number(new URL(holder.url).port);
}
