import { isSafeNumber, parse as parseLossless } from 'lossless-json';

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  /** Any field. */
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
  return { kind: 'json', value: rebuild(value, nullIfRounded) };
}

function nullIfRounded(number: number): number | null {
  const isRounded = Number.isInteger(number) && !Number.isSafeInteger(number);
  return isRounded || !Number.isFinite(number) ? null : number;
}

/** Cheap test for "may hold a key that reaches for a prototype", also where it is written with escapes. */
const PROTOTYPE_KEY = /__proto__|constructor|\\u/;

function checkDepth(parsed: JsonValue, json: string): ParsedBody {
  if (isDeeperThan(parsed, MAX_DEPTH)) return tooDeep();
  const value = LONG_NUMBER.test(json) ? withAllDigits(parsed, json) : parsed;
  return { kind: 'json', value: PROTOTYPE_KEY.test(json) ? rebuild(value, (number) => number) : value };
}

function withAllDigits(parsed: JsonValue, json: string): JsonValue {
  const exact: unknown = parseLossless(json, undefined, {
    parseNumber: (digits) => (isSafeNumber(digits) ? Number(digits) : digits),
    onDuplicateKey: ({ newValue }) => newValue,
  });
  return isJsonTree(exact) ? exact : parsed;
}

/**
 * The value with each number mapped, and without the keys by which a bot that copies or merges objects would change
 * the prototype of its own, or of all. Called on values of bounded depth alone.
 */
function rebuild(value: JsonValue, mapNumber: (number: number) => number | null): JsonValue {
  if (typeof value === 'number') return mapNumber(value);
  if (Array.isArray(value)) return value.map((item: JsonValue) => rebuild(item, mapNumber));
  if (!isJsonObject(value)) return value;
  const harmless = Object.entries(value).filter(([name, member]) => !reachesPrototype(name, member));
  return Object.fromEntries(harmless.map(([name, member]) => [name, rebuild(member, mapNumber)]));
}

function reachesPrototype(name: string, member: JsonValue): boolean {
  if (name === '__proto__') return true;
  return name === 'constructor' && isJsonObject(member) && Object.hasOwn(member, 'prototype');
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
    if (!['object', 'string', 'number', 'boolean'].includes(typeof node)) return false;
  }
  return true;
}

function isDeeperThan(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return limit === 0 || childrenOf(value).some((child) => isDeeperThan(child, limit - 1));
}

/**
 * Anything a bot hands over, as JSON would carry it: dates become texts, `undefined` goes.
 *
 * @returns `undefined` for what JSON cannot carry at all, such as a function or a circle.
 */
export function toJsonValue(value: unknown): JsonValue | undefined {
  try {
    return JSON.parse(JSON.stringify(value));
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
