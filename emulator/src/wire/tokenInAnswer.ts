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
  if (text === token) return 'right';
  const fields = [...fieldsIn(parseJson(text)), ...fieldsIn(answer.headers)];
  if (fields.some(({ value }) => value === token)) return 'right';
  return fields.some(({ name }) => /token/i.test(name)) ? 'wrong' : 'missing';
}

/** A value of JSON and its name, if it has one. */
interface Field {
  readonly name: string;
  readonly value: unknown;
}

/** All that is in JSON. No recursion: an answer may be nested deeper than the stack is. */
function* fieldsIn(json: unknown): Generator<Field> {
  const ahead: Field[] = [{ name: '', value: json }];
  for (let field = ahead.pop(); field !== undefined; field = ahead.pop()) {
    yield field;
    if (!isObject(field.value)) continue;
    for (const [name, value] of Object.entries(field.value)) ahead.push({ name, value });
  }
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
