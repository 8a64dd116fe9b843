import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shownCommands } from '../../docs/support/consoleBlocks';
import { postgresServer } from '../../support/postgresServer';
import { playCrashLoop } from './support/crashLoop';
import { playDatabaseGone } from './support/databaseGone';
import type { TypedCommand } from './support/night';
import { shapeOf } from './support/shownText';
import { playWebexConnectDown } from './support/webexConnectDown';

const PAGES = join(__dirname, '..', '..', '..', 'docs', 'nights');

describe('The three worst nights', function () {
  // Many processes, one after the other; on an idle machine each night takes ten to twenty seconds.
  this.timeout(300_000);

  it('Webex Connect is down for two hours: all waits, and drains in order', async () => {
    const night = await playWebexConnectDown();
    assert.deepEqual(night.violations, []);
    assert.deepEqual(night.chats, {
      Ann: [
        'customer: Good morning',
        'bot: Echo: Good morning',
        'customer: Where is my parcel?',
        'customer: Is anybody there?',
        'bot: Echo: Where is my parcel?',
        'bot: Echo: Is anybody there?',
      ],
      Bob: [
        'customer: Are you open?',
        'customer: Never mind.',
        'bot: Echo: Are you open?',
        'bot: Echo: Never mind.',
      ],
      Cleo: [
        'customer: Can I pay by card?',
        'customer: Or by cash?',
        'bot: Echo: Can I pay by card?',
        'bot: Echo: Or by cash?',
      ],
    });
    // What customers write is taken in all the time; the platform's own retries bring what did not arrive.
    const { 'Or by cash?': lost, ...others } = night.events;
    assert.deepEqual(lost, ['none', 'none', 200]);
    assert.deepEqual(
      Object.values(others).filter((answers) => answers.join() !== '200'),
      [],
    );
    // A probe a minute for two hours, and not one attempt used up by it.
    const [, wasInactive] = statusesOf(night.typed);
    assert.match(wasInactive ?? '', /\b1[12]\d consecutive failures/);
    assert.match(outputOf(night.typed, '--since 5m'), /attempt 3 to webhook: delivered/);
    assert.deepEqual(night.codes, [0, 0, 0, 1, 0, 1, 0, 0, 0, 0]);
    mustShow('webex-connect-down.md', night.typed);
  });

  it('the bot is in a crash loop: what kills it is quarantined, and the others go on', async () => {
    const night = await playCrashLoop();
    assert.deepEqual(night.violations, []);
    assert.deepEqual(night.chats, {
      Ann: [
        'customer: Good morning',
        'bot: Echo: Good morning',
        'customer: Are you open?',
        'customer: Hello?',
        'bot: Echo: Are you open?',
        'bot: Echo: Hello?',
      ],
      Bob: [
        'customer: Can I pay by card?',
        'customer: Or by cash?',
        'bot: Echo: Can I pay by card?',
        'bot: Echo: Or by cash?',
      ],
      Cleo: ['customer: Hi', 'bot: Echo: Hi'],
      Dave: ['customer: My parcel has not come.', 'bot: Echo: My parcel has not come.'],
    });
    assert.equal(night.log.split('a fault of the bot that nothing catches\n').length - 1, 3, 'crashes');
    // Five calls in a row met nobody; Webex Connect held what came then, until it was verified again.
    assert.deepEqual(night.events, {
      'Good morning': [200],
      'My parcel has not come.': [200],
      'Are you open?': ['none', 200],
      'Can I pay by card?': ['none', 200],
      'Hello?': ['none', 200],
      Hi: ['none', 200],
      'Or by cash?': ['none', 200],
    });
    assert.deepEqual(night.codes, [0, 1, 0, 1, 0, 0, 0, 0]);
    mustShow('crash-loop.md', night.typed);
  });

  it('the database is gone for ten minutes: 503, and all goes on by itself when it is back', async function () {
    if ((await postgresServer()).control === undefined) this.skip();
    const night = await playDatabaseGone();
    assert.deepEqual(night.violations, []);
    assert.deepEqual(night.chats, {
      Ann: [
        'customer: Good morning',
        'bot: Echo: Good morning',
        'customer: Are you open?',
        'bot: Echo: Are you open?',
      ],
      Bob: ['customer: Can I pay by card?', 'bot: Echo: Can I pay by card?'],
      Cleo: ['customer: Where is my invoice?', 'bot: Echo: Where is my invoice?'],
    });
    assert.deepEqual(night.events, {
      'Good morning': [200],
      'Where is my invoice?': [200],
      'Are you open?': [503, 503, 503, 200],
      'Can I pay by card?': [503, 200],
    });
    assert.deepEqual(night.retryAfter, ['30', '30', '30', '30']);
    assert.deepEqual(night.codes, [0, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    mustShow('database-gone.md', night.typed);
  });
});

/** A page shows what was typed, and what it brings today; `npm run docs:nights` writes it anew. */
function mustShow(file: string, typed: readonly TypedCommand[]): void {
  const shown = shownCommands(readFileSync(join(PAGES, file), 'utf8'));
  assert.deepEqual(
    shown.map(({ line, output }) => [line, shapeOf(output)]),
    typed.map(({ line, output }) => [line, shapeOf(output)]),
  );
}

function statusesOf(typed: readonly TypedCommand[]): string[] {
  return typed
    .filter(({ line, output }) => line.includes(' status') && output.includes('inactive: '))
    .map(({ output }) => output);
}

function outputOf(typed: readonly TypedCommand[], words: string): string {
  return typed.find(({ line }) => line.includes(words))?.output ?? '';
}
