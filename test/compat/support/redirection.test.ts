import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedirection } from './redirection';

describe('What a test imports while the installed package is tested', () => {
  const root = join('/', 'repository');
  let consumer: string;

  before(() => {
    consumer = realpathSync(mkdtempSync(join(tmpdir(), 'webex-connect-redirection-')));
    const botbuilder = join(consumer, 'node_modules', 'botbuilder');
    mkdirSync(botbuilder, { recursive: true });
    writeFileSync(join(botbuilder, 'index.js'), '');
  });

  after(() => rmSync(consumer, { recursive: true }));

  const redirect = (request: string, path: string) =>
    createRedirection({ root, consumer })(request, () => path);
  const installed = (...path: string[]) => join(consumer, 'node_modules', ...path);

  it('from the sources comes from what was built of them', () => {
    assert.equal(
      redirect('../../src/adapter/options', join(root, 'src', 'adapter', 'options.ts')),
      installed('botbuilder-adapter-webex-connect', 'dist', 'adapter', 'options.js'),
    );
    assert.equal(
      redirect('../../emulator/src', join(root, 'emulator', 'src', 'index.ts')),
      installed('webex-connect-emulator', 'dist', 'index.js'),
    );
  });

  it('of botbuilder is what the package has beside it', () => {
    const ours = join(root, 'node_modules', 'botbuilder', 'index.js');
    assert.equal(redirect('botbuilder', ours), installed('botbuilder', 'index.js'));
  });

  it('from anywhere else stays what it is', () => {
    for (const path of [join(root, 'test', 'src', 'x.ts'), join(root, 'srcs', 'x.ts'), 'node:fs'])
      assert.equal(redirect('./x', path), path);
  });
});
