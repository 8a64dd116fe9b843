import type { Attempt } from '../world';

/**
 * Looks for the verification token in a bot's answer. Assumption, for the reference does not say where it goes: a
 * value anywhere in JSON, the whole text, or a header.
 */
export function findToken(
  token: string,
  answer: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Attempt['token'] {
  const text = answer.body.trim();
  if (text === token || Object.values(answer.headers).includes(token)) return 'right';
  const json = parseJson(text);
  if (holdsValue(json, token)) return 'right';
  return namesToken(json) || namesToken(answer.headers) ? 'wrong' : 'missing';
}

function holdsValue(value: unknown, token: string): boolean {
  if (typeof value === 'string') return value === token;
  return isObject(value) && Object.values(value).some((inner) => holdsValue(inner, token));
}

function namesToken(value: unknown): boolean {
  if (!isObject(value)) return false;
  return Object.entries(value).some(([name, inner]) => /token/i.test(name) || namesToken(inner));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
