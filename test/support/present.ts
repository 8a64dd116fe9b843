import assert from 'node:assert/strict';

/** The value, which the test knows to be there. */
export function present<Value>(value: Value | undefined, what = 'the value'): Value {
  assert.ok(value !== undefined, `${what} is missing`);
  return value;
}
