import assert from 'node:assert/strict';
import { COMMANDS } from '../../../src/operations/cli/commandList';
import { CommandStage } from './support/commandRun';

describe('webex-connect-bot', () => {
  let stage: CommandStage;
  beforeEach(() => {
    stage = new CommandStage();
  });

  it('shows what there is, each command with its summary', async () => {
    const { code, stdout } = await stage.run('--help');
    assert.equal(code, 0);
    for (const { name, summary } of COMMANDS) {
      assert.ok(
        stdout.split('\n').some((line) => line.includes(name) && line.includes(summary)),
        `${name} is not in the help`,
      );
    }
    assert.equal((await stage.run('help')).stdout, stdout);
  });

  for (const { name, options, positionals } of COMMANDS) {
    it(`shows the help of ${name}, with each of its options`, async () => {
      const { code, stdout } = await stage.run(...name.split(' '), '--help');
      assert.equal(code, 0);
      for (const option of Object.keys(options)) assert.match(stdout, new RegExp(`^ {2}--${option}\\b`, 'm'));
      assert.ok(stdout.includes(`webex-connect-bot ${`${name} ${positionals.help}`.trim()} [options]`));
      assert.equal((await stage.run('help', ...name.split(' '))).stdout, stdout);
    });
  }

  it('shows the commands of a group', async () => {
    const { code, stdout } = await stage.run('quarantine', '--help');
    assert.equal(code, 0);
    assert.match(stdout, /quarantine replay/);
    assert.doesNotMatch(stdout, /dead-letters/);
  });

  it('gives options of one name one type, so that they may stand before the command', async () => {
    const types = new Map<string, string>();
    for (const { options } of COMMANDS) {
      for (const [name, { type }] of Object.entries(options)) {
        assert.equal(types.get(name) ?? type, type, `--${name}`);
        types.set(name, type);
      }
    }
    const { code, stdout } = await stage.run('--limit', '3', '--json', 'dead-letters', 'list');
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), { deadLetters: [], next: null });
  });

  it('tells its version', async () => {
    const { code, stdout } = await stage.run('--version');
    assert.equal(code, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  const WRONG: readonly [string, readonly string[], RegExp][] = [
    ['nothing', [], /What is to be done\?/],
    ['a command that there is not', ['stats'], /There is no command 'stats'/],
    ['half a command', ['dead-letters'], /'dead-letters' is followed by one of: list, show, replay, discard/],
    ['a wrong second word', ['quarantine', 'delete'], /'quarantine' is followed by one of/],
    ['help of what there is not', ['help', 'nothing'], /There is no command 'nothing'/],
    ['an option that there is not', ['--stor', 'x', 'status'], /There is no option --stor/],
    ['an option of another command', ['status', '--endpoint', 'http://x'], /--endpoint/],
    ['an option without its value', ['status', '--store'], /--store/],
    ['an empty value', ['dead-letters', 'list', '--reason', ''], /--reason is empty/],
    ['an argument too few', ['dead-letters', 'show'], /'dead-letters show' needs <id>/],
    ['an argument too many', ['status', 'now'], /'status' takes no arguments/],
    ['a number that is none', ['dead-letters', 'list', '--limit', '1e3'], /--limit is '1e3'/],
    ['a number that is too small', ['dead-letters', 'list', '--limit', '0'], /from 1 to/],
    ['a time that is none', ['dead-letters', 'list', '--since', 'yesterday'], /--since is 'yesterday'/],
    ['a choice that is none', ['quarantine', 'list', '--kind', 'all'], /--kind is 'all'/],
    ['a URL that is none', ['doctor', '--endpoint', 'localhost:3978'], /--endpoint must be a URL/],
    ['neither ids nor --all', ['dead-letters', 'replay'], /Name one or more ids, or give --all/],
    ['both ids and --all', ['dead-letters', 'replay', 'x', '--all'], /not both/],
    ['ids and a filter', ['dead-letters', 'replay', 'x', '--reason', 'y'], /--reason goes with --all/],
    ['to discard all without --yes', ['dead-letters', 'discard', '--all'], /gone for good.*--dry-run.*--yes/],
    ['to discard a whole quarantine', ['quarantine', 'discard', '--all'], /gone for good/],
    ['an untied conversation’s state', ['conversations', 'list', '--untied', '--state', 'bot'], /no --state/],
    ['one conversation to tie', ['conversations', 'tie', 'a'], /needs <agent conversation>/],
    ['a long wait', ['reactivate', '--wait', '86400'], /--wait is '86400'/],
  ];
  for (const [what, args, expected] of WRONG) {
    it(`refuses ${what} with 2, and says where to look`, async () => {
      const { code, stdout, stderr } = await stage.run(...args);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, expected);
      assert.match(stderr, /See 'webex-connect-bot --help'/);
    });
  }

  it('escapes what a wrong command line holds', async () => {
    const { stderr } = await stage.run('\u001b[2Jx');
    assert.match(stderr, /'\\u001b\[2Jx'/);
  });
});
