import assert from 'node:assert/strict';
import { StoreClosedError } from '../src';
import { errorMessage, errorName, errorSummary } from '../src/errors';

const WORDS = 'my PIN is 4711';

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** What a bot may throw, with what a log line may say of it. */
const THROWN: readonly [what: string, thrown: unknown, name: string][] = [
  ['an error', new TypeError(WORDS), 'TypeError'],
  ['one with a code', Object.assign(new Error(WORDS), { code: 'ECONNREFUSED' }), 'Error ECONNREFUSED'],
  ['one of PostgreSQL', Object.assign(new Error(WORDS), { code: '23505' }), 'Error 23505'],
  ['one whose name is a sentence', Object.assign(new Error(), { name: WORDS }), 'Error'],
  ['one whose code is a sentence', Object.assign(new Error(), { code: WORDS }), 'Error'],
  ['one whose name is no text', Object.assign(new Error(), { name: 7 }), 'Error'],
  ['a text', WORDS, 'string'],
  ['an object', { message: WORDS }, 'object'],
  ['nothing', undefined, 'undefined'],
  ['what cannot be looked at', revoked(), 'something that cannot be named'],
];

describe('what is told of an error', () => {
  for (const [what, thrown, name] of THROWN) {
    it(`is its name and code, and no word of its message: ${what}`, () => {
      assert.equal(errorName(thrown), name);
      assert.equal(errorSummary(thrown), name);
      assert.equal(typeof errorMessage(thrown), 'string');
    });
  }

  it('is the message of this package’s own errors, which quote nobody', () => {
    const error = new StoreClosedError();
    assert.equal(errorSummary(error), error.message);
  });
});
