import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suitesOf } from './suites';

const root = join(__dirname, '..', '..');

describe('What is run in a cell of the matrix', () => {
  const consumer = { directory: join(root, 'consumer'), botbuilder: '4.23.3' };
  const filesOf = (name: 'oldest' | 'newest') => {
    const botbuilder = { name, version: '^4.20.0' };
    const own = suitesOf(root, consumer, { node: '24', botbuilder }, 'node').at(-1);
    return own?.run.args.filter((argument) => argument.endsWith('.test.ts')) ?? [];
  };

  it('is there: mocha passes over what it does not find', () => {
    const places = filesOf('newest').map((pattern) => pattern.replace('/**/*.test.ts', ''));
    assert.deepEqual(
      places.filter((place) => !existsSync(join(root, place))),
      [],
    );
  });

  it('is, with the oldest botbuilder, what meets it', () => {
    const [oldest, newest] = [filesOf('oldest'), filesOf('newest')];
    assert.deepEqual(
      oldest.filter((file) => !newest.includes(file)),
      [],
    );
    assert.ok(oldest.includes('test/adapter/**/*.test.ts'));
    assert.ok(!oldest.includes('test/protocol/**/*.test.ts'));
  });
});
