import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PACKAGE = join(__dirname, '..', '..');

describe('The command, as its own process,', function () {
  this.timeout(60_000);

  let child: ChildProcess;

  function start(...args: string[]): void {
    child = spawn(process.execPath, ['--require', 'tsx/cjs', join('src', 'cli.ts'), ...args], {
      cwd: PACKAGE,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Everything on standard output, up to a line that begins so; to its end when no line does. */
  async function outputUntil(begin: string): Promise<string> {
    let output = '';
    for await (const chunk of child.stdout ?? []) {
      output += chunk;
      if (output.includes(`\n${begin}`)) break;
    }
    return output;
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`stops at ${signal}, though a page reads its stream`, async () => {
      start('--port', '0');
      const output = await outputUntil('Ctrl-C');
      const [url = ''] = /http:\/\/localhost:\d+/.exec(output) ?? [];
      const stream = await fetch(`${url}/api/stream`);
      assert.equal(stream.status, 200);
      const exit = once(child, 'exit');
      child.kill(signal);
      assert.deepEqual(await exit, [0, null]);
      await stream.text().catch(() => undefined);
    });
  }

  it('ends with 2 when the command line is wrong', async () => {
    start('--prot', '4000');
    assert.deepEqual(await once(child, 'exit'), [2, null]);
  });
});
