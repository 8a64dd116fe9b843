import { isSafeNumber, parse as parseLossless } from 'lossless-json';

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** What a request body turned out to be. */
export type ParsedBody =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Deeper nesting than this is refused, so that nothing that walks the value can exhaust the stack. The
 * documented payloads are one level deep.
 */
const MAX_DEPTH = 64;

/** Cheap test for "may hold an integer that a double cannot": 16 digits or more outside of a word. */
const LONG_NUMBER = /[:[,\s]-?\d{16,}/;

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a request body. Integers that a JavaScript number cannot hold become strings with all their digits, for
 * an id that lost its last digits would be another conversation's.
 */
export function parseBody(text: string): ParsedBody {
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (json.trim() === '') return { kind: 'empty' };
  try {
    return checkDepth(JSON.parse(json), json);
  } catch {
    return { kind: 'unreadable', reason: 'the body is not JSON' };
  }
}

/**
 * Accepts a body that a body parser has already turned into a value. Integers above 2^53 have lost digits in that
 * parser and become `null`: nobody can tell any more which id it was, and a guess is another customer's.
 */
export function acceptParsedBody(value: unknown): ParsedBody {
  if (value === undefined || value === null) return { kind: 'empty' };
  if (!isJsonTree(value))
    return { kind: 'unreadable', reason: 'the parsed body holds values that JSON has not' };
  if (isDeeperThan(value, MAX_DEPTH)) return tooDeep();
  return { kind: 'json', value: withoutRounded(value) };
}

/** Called on values of bounded depth alone. */
function withoutRounded(value: JsonValue): JsonValue {
  if (typeof value === 'number')
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? null : value;
  if (Array.isArray(value)) return value.map(withoutRounded);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutRounded(member)]));
}

function checkDepth(value: JsonValue, json: string): ParsedBody {
  if (isDeeperThan(value, MAX_DEPTH)) return tooDeep();
  if (!LONG_NUMBER.test(json)) return { kind: 'json', value };
  const exact: unknown = parseLossless(json, undefined, {
    parseNumber: (digits) => (isSafeNumber(digits) ? Number(digits) : digits),
    onDuplicateKey: ({ newValue }) => newValue,
  });
  return isJsonTree(exact) ? { kind: 'json', value: exact } : { kind: 'json', value };
}

function tooDeep(): ParsedBody {
  return { kind: 'unreadable', reason: `the body is nested deeper than ${MAX_DEPTH} levels` };
}

/** Every value of the tree under `root`, the root included, without recursion. */
function* walk(root: unknown): Generator<unknown> {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    yield value;
    if (typeof value !== 'object' || value === null) continue;
    for (const child of childrenOf(value)) waiting.push(child);
  }
}

function childrenOf(value: object): unknown[] {
  return Array.isArray(value) ? value : Object.values(value);
}

function isJsonTree(value: unknown): value is JsonValue {
  const seen = new Set<unknown>();
  for (const node of walk(value)) {
    // JSON has no circles, and a walk along one would have no end.
    if (typeof node === 'object' && node !== null && seen.size === seen.add(node).size) return false;
    const isLeaf = node === null || ['string', 'number', 'boolean'].includes(typeof node);
    if (!isLeaf && typeof node !== 'object') return false;
  }
  return true;
}

function isDeeperThan(value: JsonValue, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= limit; depth++) {
    level = level.flatMap((node) => (typeof node === 'object' && node !== null ? childrenOf(node) : []));
    if (level.length === 0) return false;
  }
  return true;
}

/**
 * Anything a bot hands over, as JSON would carry it: dates become texts, `undefined` goes.
 *
 * @returns `undefined` for what JSON cannot carry at all, such as a function or a circle.
 */
export function toJsonValue(value: unknown): JsonValue | undefined {
  try {
    const text: string | undefined = JSON.stringify(value);
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON text that is the same for every order of keys, for fingerprints. */
export function canonicalJson(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (!isJsonObject(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
