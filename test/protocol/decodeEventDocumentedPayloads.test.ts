import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decode, meaningOf, respell } from '../support/decoding';
import { payload } from '../support/fixtures';
import { anySpelling } from '../support/wireArbitraries';
import { meanings } from './support/documentedMeanings';

const documented = ['incoming-message', 'postback', 'message-delivery'] as const;

const spellings: [string, (name: string) => string][] = [
  ['in lower case', (name) => name.toLowerCase()],
  ['in capitals', (name) => name.toUpperCase()],
  ['in snake_case', (name) => name.replace(/(?<=[a-z])(?=[A-Z]|id$)/g, '_').toLowerCase()],
  ['in kebab-case', (name) => name.replace(/(?<=[a-z])(?=[A-Z]|id$)/g, '-').toLowerCase()],
  ['in camelCase', (name) => name.charAt(0).toLowerCase() + name.slice(1).replace(/id$/, 'Id')],
  ['in Title Case with blanks', (name) => name.replace(/(?<=[a-z])(?=[A-Z]|id$)/g, ' ')],
  ['with underscores around', (name) => `_${name}__`],
];

describe('decodeEvent, a documented payload', () => {
  for (const name of documented) {
    it(`reads ${name}`, () => {
      const event = decode(payload(name));
      assert.deepEqual(meaningOf(event), meanings[name]);
      assert.deepEqual(event.payload, payload(name));
    });

    for (const [title, spell] of spellings) {
      it(`reads ${name} with its keys ${title}`, () => {
        assert.deepEqual(meaningOf(decode(respell(payload(name), spell))), meanings[name]);
      });
    }

    it(`reads ${name} with any case, underscores, dashes and blanks in its keys`, () => {
      fc.assert(
        fc.property(anySpelling, (spell) => {
          assert.deepEqual(meaningOf(decode(respell(payload(name), spell))), meanings[name]);
        }),
      );
    });

    it(`reads ${name} in any order of its keys`, () => {
      const reversed = Object.fromEntries(Object.entries(payload(name)).reverse());
      assert.deepEqual(meaningOf(decode(reversed)), meanings[name]);
    });
  }
});
