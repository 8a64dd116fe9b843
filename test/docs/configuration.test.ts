import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationDoc } from '../../scripts/configurationDoc';

const page = () => readFileSync(join(__dirname, '..', '..', 'docs', 'configuration.md'), 'utf8');

describe('docs/configuration.md', () => {
  it('is what the schema says; `npm run docs:configuration` writes it anew', () => {
    assert.equal(page(), configurationDoc());
  });

  it('describes every option', () => {
    const undescribed = page()
      .split('\n')
      .filter((line) => line.startsWith('| `') && line.endsWith('|  |'));
    assert.deepEqual(undescribed, []);
  });
});

describe('docs/assumptions.md', () => {
  it('names only options that exist', () => {
    const text = readFileSync(join(__dirname, '..', '..', 'docs', 'assumptions.md'), 'utf8');
    const named = [
      ...text.matchAll(/`((?:verification|authentication|inbound|outbound|translation|telemetry)\.\w+)`/g),
    ];
    assert.ok(named.length > 10);
    for (const [, option] of named) assert.ok(page().includes(`\`${option}\``), `${option} is not an option`);
  });
});
