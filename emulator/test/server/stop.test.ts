import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

describe('An emulator that is stopped in the middle of everything', function () {
  this.timeout(60_000);

  it('lets its process end, with no failure that nobody has heard of', async () => {
    const program = join(__dirname, '..', 'support', 'stopInTheMiddle.ts');
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', program], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const [code] = await once(child, 'close');
    assert.deepEqual([code, output], [0, 'stopped\n']);
  });
});
