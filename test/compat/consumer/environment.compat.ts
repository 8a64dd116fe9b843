import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';

describe('The project of a user', () => {
  const load = createRequire(join(process.cwd(), 'package.json'));

  it('runs on the Node that it was meant to run on', () => {
    assert.equal(process.execPath, process.env.COMPAT_NODE);
  });

  it('shares its botbuilder with the adapter', () => {
    const adapter = createRequire(load.resolve('botbuilder-adapter-webex-connect'));
    assert.equal(adapter.resolve('botbuilder'), load.resolve('botbuilder'));
    const { version }: { version: string } = load('botbuilder/package.json');
    assert.equal(version, process.env.COMPAT_BOTBUILDER);
  });
});
