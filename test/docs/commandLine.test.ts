import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineDoc } from '../../scripts/commandLineDoc';
import { COMMANDS } from '../../src/operations/cli/commandList';
import { EXIT } from '../../src/operations/cli/exitCodes';
import { helpOf, helpOfCommand } from '../../src/operations/cli/help';
import { shownCommands } from './support/consoleBlocks';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'command-line.md'), 'utf8');

describe('docs/command-line.md', () => {
  it('shows what the commands print; `npm run docs:command-line` writes it anew', async () => {
    assert.equal(page, await commandLineDoc(page));
  });

  it('shows the help of all, and of each', () => {
    const shown = shownCommands(page).map(({ output }) => output.trimEnd());
    assert.ok(shown.includes(helpOf(COMMANDS)), 'the help of all is not there');
    for (const command of COMMANDS) {
      assert.ok(shown.includes(helpOfCommand(command)), `the help of ${command.name} is not there`);
    }
  });

  it('shows each command at work, and each result as JSON', () => {
    const lines = shownCommands(page).map(({ line }) => line);
    for (const { name } of COMMANDS) {
      const runs = lines.filter(
        (line) => line.startsWith(`webex-connect-bot ${name}`) && !line.endsWith('--help'),
      );
      assert.ok(
        runs.some((line) => !line.includes('--json')),
        `${name} is not run`,
      );
    }
    // Those that change something share one shape.
    const withShape = ['doctor', 'status', 'explain', 'tail', 'dead-letters list', 'dead-letters show'];
    const others = [
      'dead-letters replay',
      'quarantine list',
      'quarantine show',
      'conversations list',
      'conversations show',
    ];
    for (const name of [...withShape, ...others]) {
      assert.ok(
        lines.some((line) => line.startsWith(`webex-connect-bot ${name}`) && line.includes('--json')),
        `${name} is not run with --json`,
      );
    }
  });

  it('names every exit code', () => {
    for (const code of Object.values(EXIT)) assert.match(page, new RegExp(`^\\| ${code} \\|`, 'm'));
  });
});
