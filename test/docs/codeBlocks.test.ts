import assert from 'node:assert/strict';
import { PostgresStore } from '../../src/postgres';
import { startPostgres } from '../support/postgresServer';
import { COMPILED, compileBlocks } from './support/compileBlocks';
import { shownCommands } from './support/consoleBlocks';
import { checkData } from './support/dataBlocks';
import { checkDiagram } from './support/diagrams';
import { checkCommand } from './support/knownCommands';
import { type Block, Page } from './support/markdown';
import { checkNginx } from './support/nginx';
import { pages } from './support/pages';
import { readPromql } from './support/promql';
import { commandsIn, functionsIn } from './support/shellCommands';
import { checkStatement } from './support/statements';

/** Whether a block is what it says it is. The others of its page count for a shell, which remembers functions. */
type Check = (block: Block, page: Page) => void | Promise<void>;

const isCompiled = ({ language }: Block) => COMPILED.some((one) => one === language);

const blocks = [...pages.values()].flatMap((page) => page.blocks.map((block) => ({ block, page })));

const INLINE_COMMAND = /^(?:npm (?:run|ci|install|start|test)\b|npx \S+ \S|webex-connect-bot \S)/;

let compiled: Map<Block, string[]>;

const CHECKS: Readonly<Record<string, Check>> = {
  ts: (block) => checkCompiled(block),
  js: (block) => checkCompiled(block),
  sh: checkShell,
  // What the commands print is tested where it is made: `docs:command-line`, `docs:nights`.
  console: (block) => {
    for (const { line } of shownCommands(`\`\`\`console\n${block.code}\n\`\`\`\n`)) checkLine(line, []);
  },
  json: checkData,
  yaml: checkData,
  mermaid: ({ code }) => checkDiagram(code),
  nginx: ({ code }) => checkNginx(code),
  promql: ({ code }) => void code.split('\n').map(readPromql),
  sql: async ({ code }) => checkStatement(code, await schemaOfBot()),
  // Nothing to run: what a terminal or a log shows, a drawing in letters.
  text: () => {},
};

function checkBlock(block: Block, page: Page): void | Promise<void> {
  const check = Object.hasOwn(CHECKS, block.language) ? CHECKS[block.language] : undefined;
  if (check === undefined) throw new Error(`nobody checks a block of the language '${block.language}'`);
  return check(block, page);
}

function checkCompiled(block: Block): void {
  assert.deepEqual(compiled.get(block), []);
  for (const given of block.notes.get('context') ?? []) {
    const name = given.split(' as ').at(-1) ?? '';
    assert.match(block.code, new RegExp(`\\b${name}\\b`), `'${name}' is given and not used`);
  }
}

function checkShell({ code }: Block, page: Page): void {
  const scripts = page.blocks.filter(({ language }) => language === 'sh').map((block) => block.code);
  checkLine(code, scripts.flatMap(functionsIn));
}

function checkLine(script: string, functions: readonly string[]): void {
  for (const command of commandsIn(script)) checkCommand(command, functions);
}

/** Commands between backticks: `webex-connect-bot explain <id>`, `npm run docs`. */
function checkInlineCommands({ inlineCode }: Page): void {
  for (const { code, place } of inlineCode) {
    const words = code.replaceAll(/\s+/g, ' ');
    if (!INLINE_COMMAND.test(words)) continue;
    // What a reader has to put in.
    const line = words.replaceAll(/<[^>]+>/g, 'this').replaceAll('…', '');
    assert.doesNotThrow(() => checkLine(line, []), `${place}: ${code}`);
  }
}

/** The connection string of a database that holds a bot's tables. */
async function schemaOfBot(): Promise<string> {
  const connectionString = await startPostgres();
  const store = new PostgresStore({ connectionString });
  await store.open();
  await store.close();
  return connectionString;
}

describe('Every block of code in the docs', function () {
  this.timeout(60_000);

  before('compile', () => {
    compiled = compileBlocks(blocks.map(({ block }) => block).filter(isCompiled));
  });

  it('is found', () => assert.ok(blocks.length > 100));

  for (const { block, page } of blocks) {
    it(`${block.place} is ${block.language}`, () => checkBlock(block, page));
  }

  for (const page of pages.values()) {
    it(`and each command in the text of ${page.path}, is real`, () => checkInlineCommands(page));
  }

  describe('would be found wrong:', () => {
    const wrong: readonly [title: string, language: string, code: string][] = [
      ['TypeScript that does not compile', 'ts', 'const count: number = "one";'],
      ['TypeScript that takes for granted what nobody has given', 'ts', 'adapter.stop();'],
      [
        'an option that does not exist',
        'ts',
        `import { ConversationTracker } from 'botbuilder-adapter-webex-connect'; new ConversationTracker({ no: 1 });`,
      ],
      ['JavaScript that does not parse', 'js', 'const = 1;'],
      ['a script that npm does not know', 'sh', 'npm run no-such-script'],
      ['a package that has nothing to do with this one', 'sh', 'npm install left-pad'],
      ['a test that is not there', 'sh', 'npx mocha test/none.test.ts'],
      ['a command of the operator that does not exist', 'sh', 'webex-connect-bot dance'],
      ['an option that the command does not have', 'sh', 'npx webex-connect-bot status --loud'],
      ['an option that the emulator does not have', 'sh', 'npx webex-connect-emulator --loud'],
      ['a variable that nothing reads', 'sh', 'WEBEX_CONNECT_NONE=1 npm start'],
      ['a program that nobody knows', 'sh', 'yarn start'],
      ['an option that node does not have', 'sh', 'node --no-such bot.js'],
      ['a shown command that cannot be understood', 'console', '$ webex-connect-bot status --loud'],
      ['JSON that cannot be parsed', 'json', '{ "a": 1, }'],
      ['JSON that does not say what it is', 'json', '{ "a": 1 }'],
      ['YAML that cannot be parsed', 'yaml', 'a: [1'],
      ['a diagram that cannot be read', 'mermaid', 'flowchart TD\n  a --- b'],
      ['a diagram that speaks of nobody', 'mermaid', 'sequenceDiagram\n  actor A as a\n  A->>B: hi'],
      ['nginx that is no directive', 'nginx', 'limit_req zone=bot'],
      ['PromQL that cannot be parsed', 'promql', 'sum(rate('],
      ['a statement about a table that is not there', 'sql', 'SELECT * FROM webex_connect.no_such_table'],
      ['a language that nobody checks', 'cobol', 'STOP RUN.'],
      ['no language at all', '', 'npm start'],
    ];
    for (const [title, language, code] of wrong) {
      it(title, async () => {
        const page = new Page('a.md', `\`\`\`${language}\n${code}\n\`\`\`\n`);
        const [block] = page.blocks;
        assert.ok(block !== undefined);
        if (isCompiled(block)) compiled = compileBlocks([block]);
        await assert.rejects(async () => checkBlock(block, page));
      });
    }

    it('a name that is given and not used', () => {
      const page = new Page('a.md', '<!-- context: bot, adapter -->\n```ts\nbot.run;\n```\n');
      compiled = compileBlocks(page.blocks);
      assert.throws(() => page.blocks.map((block) => checkBlock(block, page)));
    });
  });
});
