import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
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

  it('tells the options of everything that reads some', () => {
    const read = sourcesOfPackage().flatMap((source) => [...source.matchAll(READS_OPTIONS)]);
    const parts = new Set(read.map(([, one, other]) => one ?? other));
    assert.ok(parts.size >= 8);
    assert.deepEqual(
      [...parts].filter((part) => !page().includes(`\n## ${part}\n`)),
      [],
    );
  });

  it('tells the options that are set by a type alone', () => {
    const interfaces = sourcesOfPackage().flatMap((source) => [
      ...source.matchAll(/export interface (\w+Options)\b/g),
    ]);
    // The first is read from its comments, the second has a schema beside it.
    assert.deepEqual(interfaces.map(([, name]) => name).sort(), [
      'HealthRoutesOptions',
      'MockWebexConnectOptions',
    ]);
  });
});

/** `readOptions(schema, options, 'HandoverMiddleware')`, and what a store says when an option is wrong. */
const READS_OPTIONS = /readOptions\(\s*\w+,[^;]*?'(\w+)',?\s*\)|'((?:Sqlite|Postgres)Store)'\)/g;

function sourcesOfPackage(): string[] {
  const folder = join(__dirname, '..', '..', 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
}

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
