import assert from 'node:assert/strict';
import type { Activity } from 'botbuilder';
import type { MockWebexConnect } from './mockWebexConnect';

/**
 * Asserts that an activity has at least these fields, with these values; other fields are not looked at.
 *
 * @throws {AssertionError} naming the path of the first difference.
 */
export function assertActivity(actual: Partial<Activity>, expected: Partial<Activity>): void {
  assertIncludes(actual, expected, 'activity');
}

/**
 * Asserts that the customer has received exactly these texts, in this order.
 *
 * @param conversationId Looks at the replies of this conversation alone.
 */
export function assertReplies(
  webex: Pick<MockWebexConnect, 'replies'>,
  expected: readonly string[],
  conversationId?: string,
): void {
  const replies = webex.replies.filter(
    (reply) => conversationId === undefined || reply.conversation_id === conversationId,
  );
  assert.deepEqual(
    replies.map(({ message }) => message),
    expected,
  );
}

function assertIncludes(actual: unknown, expected: unknown, path: string): void {
  if (!isPlainObject(expected)) {
    assert.deepEqual(actual, expected, `${path} differs`);
    return;
  }
  assert.ok(typeof actual === 'object' && actual !== null, `${path} is not there`);
  for (const [name, value] of Object.entries(expected)) {
    assertIncludes(Reflect.get(actual, name), value, `${path}.${name}`);
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
