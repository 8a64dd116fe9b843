import assert from 'node:assert/strict';
import { findToken } from '../../src/wire/tokenInAnswer';
import type { Attempt } from '../../src/world';

const cases: [name: string, body: string, headers: Record<string, string>, found: Attempt['token']][] = [
  ['a field', '{"verification_token":"s3cret"}', {}, 'right'],
  ['a field deep inside', '{"a":[{"b":{"c":"s3cret"}}]}', {}, 'right'],
  ['a JSON text', '"s3cret"', {}, 'right'],
  ['the whole text', ' s3cret\n', {}, 'right'],
  ['a header', '', { 'x-token': 's3cret' }, 'right'],
  ['another token', '{"verification_token":"other"}', {}, 'wrong'],
  ['another token deep inside', '{"a":{"token":"other"}}', {}, 'wrong'],
  ['another token in a header', '{}', { 'x-verification-token': 'other' }, 'wrong'],
  ['part of a text', 'the token is s3cret', {}, 'missing'],
  ['a name of a field', '{"s3cret":true}', {}, 'missing'],
  ['nothing', '', {}, 'missing'],
  [
    'a list that is nested deeper than the stack',
    `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
    {},
    'missing',
  ],
  [
    'fields that are nested deeper than the stack',
    `${'{"a":'.repeat(30_000)}"s3cret"${'}'.repeat(30_000)}`,
    {},
    'right',
  ],
  ['JSON null', 'null', {}, 'missing'],
];

describe('findToken', () => {
  for (const [name, body, headers, found] of cases) {
    it(`finds the token ${found} in ${name}`, () => {
      assert.equal(findToken('s3cret', { headers, body }), found);
    });
  }
});
