import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import { SampleProcess } from '../samples/support/sampleProcess';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { FakeWebhook } from '../support/fakeWebhook';
import { runProgram } from '../support/runProgram';
import { shownCommands } from './support/consoleBlocks';
import { readCurl } from './support/curl';
import type { Page } from './support/markdown';
import { pages, readPage } from './support/pages';
import { commandsIn, functionsIn } from './support/shellCommands';

const BOTS_PORT = '3978';
const WALK = 'samples/contact-centre/README.md';

const scriptsOf = ({ blocks }: Page): string[] =>
  blocks.filter(({ language }) => language === 'sh').map(({ code }) => code);

const definesFunctions = (page: Page): boolean =>
  scriptsOf(page).some((script) => functionsIn(script).length > 0);

/** Every line of curl that a page shows, but for those in functions. */
function curlsOf(page: Page): (readonly string[])[] {
  const shown = shownCommands(page.text).map(({ line }) => line);
  return [...scriptsOf(page), ...shown]
    .flatMap(commandsIn)
    .filter(({ program }) => program === 'curl')
    .map(({ args }) => args);
}

describe('curl in the docs', function () {
  this.timeout(60_000);
  let webhook: FakeWebhook;
  let sample: SampleProcess;
  const temporaryFile = temporaryFiles();

  before(async () => {
    webhook = await FakeWebhook.listen();
    sample = await SampleProcess.start('contact-centre', { WEBEX_CONNECT_WEBHOOK_URL: webhook.url });
  });

  after(async () => {
    await sample.stop();
    await webhook.close();
  });

  const portOfSample = () => new URL(sample.url).port;

  for (const page of pages.values()) {
    const curls = curlsOf(page);
    if (curls.length === 0) continue;
    it(`can be read, in ${page.path}`, () => {
      for (const args of curls) assert.equal(readCurl(args).url.port, BOTS_PORT);
    });

    // Where there are functions, one command needs what another has done.
    if (definesFunctions(page)) continue;
    it(`gets an answer from a sample, in ${page.path}`, async () => {
      for (const args of curls) {
        const { url, ...request } = readCurl(args);
        url.port = portOfSample();
        const { status } = await fetch(url, request);
        assert.equal(status, 200, args.join(' '));
      }
    });
  }

  it(`leads through a whole life, in ${WALK}`, async function () {
    if (spawnSync('bash', ['-c', 'curl --version']).status !== 0) this.skip();
    const [functions = '', ...steps] = scriptsOfWalk();
    let output = '';
    for (const step of steps) {
      const script = `${functions}\n${step}`
        .replaceAll(BOTS_PORT, portOfSample())
        .replaceAll('CONV-1.transcript', temporaryFile('CONV-1.transcript'));
      output = await runProgram('.', 'bash', ['-euc', script]);
      // The customer reads that somebody is called before an agent can answer.
      while (!handedOver()) await webhook.waitFor(webhook.received.length + 1);
      if (output.includes('[{"author"')) break;
    }
    const told = linesOfTranscript(output);
    for (const line of [
      'customer: Where is order 123456?',
      'agent: Hello, this is Kim. How can I help?',
      'customer: My parcel is broken.',
      'agent: I am sending you a new one.',
      'customer: When are you open?',
    ]) {
      assert.ok(told.includes(line), `${line} is not in ${JSON.stringify(told)}`);
    }
  });

  const handedOver = () => webhook.received.some(({ body }) => body.eventid === '1002');
});

function scriptsOfWalk(): string[] {
  const scripts = scriptsOf(readPage(WALK));
  return scripts.slice(scripts.findIndex((script) => script.includes('say() {')));
}

/** `author: text`, of the first JSON in what was printed. */
function linesOfTranscript(output: string): string[] {
  const [json = ''] = /\[\{"author".*?\}\](?!,)/.exec(output) ?? [];
  const lines = z.array(z.object({ author: z.string(), text: z.string() })).parse(JSON.parse(json));
  return lines.map(({ author, text }) => `${author}: ${text}`);
}
