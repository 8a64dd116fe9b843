/**
 * One call of the REST API.
 *
 * @param {'GET' | 'POST' | 'DELETE'} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<Record<string, unknown>>} The answer; empty when it has no body.
 * @throws Error in words for people.
 */
export async function call(method, path, body) {
  const response = await request(method, path, body);
  const text = await response.text();
  const answer = parse(text);
  if (response.ok) return answer;
  const message =
    typeof answer.error === 'string' ? answer.error : `The emulator answers ${response.status}.`;
  throw new Error(message);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object | undefined} body
 */
async function request(method, path, body) {
  try {
    return await fetch(path, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch {
    throw new Error('The emulator does not answer. Is it still running?');
  }
}

/**
 * @param {string} text
 * @returns {Record<string, unknown>}
 */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
