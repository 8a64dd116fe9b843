import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  acceptParsedBody,
  canonicalJson,
  isJsonObject,
  type JsonValue,
  type ParsedBody,
  parseBody,
  toJsonValue,
} from '../../src/protocol/json';
import { anyJson, anyText } from '../support/wireArbitraries';

const LONG = '12345678901234567890';
const PAYLOADS = join(__dirname, '..', 'fixtures', 'payloads');
const printed = readdirSync(PAYLOADS).filter((name) => name.endsWith('.txt'));

function nested(levels: number): string {
  return `${'['.repeat(levels)}1${']'.repeat(levels)}`;
}

function jsonOf(body: ParsedBody): JsonValue {
  assert.ok(body.kind === 'json', `expected JSON, got ${body.kind}`);
  return body.value;
}

function reasonOf(body: ParsedBody): string {
  assert.ok(body.kind === 'unreadable', `expected an unreadable body, got ${body.kind}`);
  return body.reason;
}

describe('parseBody', () => {
  const emptyBodies: [string, string][] = [
    ['nothing', ''],
    ['whitespace', ' \r\n\t '],
    ['a byte order mark', '\ufeff'],
    ['a byte order mark and whitespace', '\ufeff \n'],
  ];
  for (const [name, text] of emptyBodies) {
    it(`takes ${name} for an empty body`, () => assert.deepEqual(parseBody(text), { kind: 'empty' }));
  }

  const values: [string, string, JsonValue][] = [
    ['an object', '{"a":1,"b":[true,null,"x"]}', { a: 1, b: [true, null, 'x'] }],
    ['a byte order mark before it', '\ufeff{"a":1}', { a: 1 }],
    ['a bare text', '"hi"', 'hi'],
    ['a lone surrogate', '"\ud800"', '\ud800'],
    ['an escaped lone surrogate', '"\\udfff"', '\udfff'],
    ['the last of two equal keys', '{"a":1,"a":2}', { a: 2 }],
    ['the last of two equal keys beside a long integer', `{"a":1,"a":2,"n":${LONG}}`, { a: 2, n: LONG }],
    ['the largest safe integer as a number', '{"id":9007199254740991}', { id: Number.MAX_SAFE_INTEGER }],
    ['the first unsafe integer with all its digits', '{"id":9007199254740993}', { id: '9007199254740993' }],
    ['a negative long integer', `{"id":-${LONG}}`, { id: `-${LONG}` }],
    ['a long integer after whitespace', `{"id" :\n\t${LONG}}`, { id: LONG }],
    ['the first unsafe integer after a blank', '{"id": 9007199254740993}', { id: '9007199254740993' }],
    ['a long integer first in a list', `[${LONG}]`, [LONG]],
    ['a long integer later in a list', `{"a":[1,${LONG}]}`, { a: [1, LONG] }],
    ['short numbers beside a long one', `{"a":1,"b":1.5,"n":${LONG}}`, { a: 1, b: 1.5, n: LONG }],
    ['digits within a text', `{"a":": ${LONG}"}`, { a: `: ${LONG}` }],
    [
      'keys named as members of every object',
      '{"toString":1,"constructor":2}',
      { toString: 1, constructor: 2 },
    ],
  ];
  for (const [name, text, expected] of values) {
    it(`reads ${name}`, () => assert.deepEqual(jsonOf(parseBody(text)), expected));
  }

  for (const text of ['{', 'null x', "{'a':1}", '{"a":1,}', '<xml/>', 'a=1&b=2', 'NaN', '\ufeff\ufeff{}']) {
    it(`calls ${JSON.stringify(text)} no JSON`, () => {
      assert.equal(reasonOf(parseBody(text)), 'the body is not JSON');
    });
  }

  for (const name of printed) {
    it(`calls the printed payload ${name}, which is no JSON, unreadable`, () => {
      reasonOf(parseBody(readFileSync(join(PAYLOADS, name), 'utf8')));
    });
  }

  it('keeps every digit of any integer above 2^53', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 10n ** 40n }), fc.boolean(), (size, isNegative) => {
        const digits = String(isNegative ? -size : size);
        assert.deepEqual(jsonOf(parseBody(`{"Conversationid":${digits}}`)), { Conversationid: digits });
      }),
    );
  });

  it('reads everything beside a long integer as without it', () => {
    const fraction = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Number.isInteger(n));
    const values = [fc.string(), anyText, fc.boolean(), fc.constant(null), fc.maxSafeInteger(), fraction];
    const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString'));
    fc.assert(
      fc.property(fc.object({ key, values, maxDepth: 3 }), (value) => {
        const json = JSON.stringify(value);
        assert.deepEqual(jsonOf(parseBody(`[${json},${LONG}]`)), [jsonOf(parseBody(json)), LONG]);
      }),
    );
  });

  it('never throws, whatever the text', () => {
    const cut = fc
      .tuple(fc.json(), fc.nat({ max: 100 }), fc.nat({ max: 100 }))
      .map(([json, from, length]) => json.slice(from, from + length));
    fc.assert(
      fc.property(fc.oneof(anyText, fc.json(), cut), fc.boolean(), (text, isBesideLong) => {
        const body = parseBody(isBesideLong ? `[${text},${LONG}]` : text);
        assert.match(body.kind, /^(empty|json|unreadable)$/);
      }),
      { numRuns: 500 },
    );
  });

  it('accepts 64 levels of nesting and refuses 65', () => {
    assert.deepEqual(jsonOf(parseBody(nested(64))), JSON.parse(nested(64)));
    assert.match(reasonOf(parseBody(nested(65))), /nested deeper than 64 levels/);
    assert.match(reasonOf(parseBody(nested(65).replace('1', ''))), /nested deeper than 64 levels/);
  });

  const deep = nested(200_000);
  const hostile: [string, string][] = [
    ['200,000 lists in each other', deep],
    ['200,000 objects in each other', `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`],
    ['200,000 lists never closed', '['.repeat(200_000)],
    ['200,000 lists beside a long integer', `[${deep},${LONG}]`],
    ['200,000 lists hidden behind an equal key', `{"a":${deep},"a":1,"id":${LONG}}`],
  ];
  for (const [name, text] of hostile) {
    it(`refuses ${name}`, () => assert.notEqual(reasonOf(parseBody(text)), ''));
  }

  for (const last of ['0', LONG]) {
    it(`reads a list of 200,000 members that ends with ${last}`, () => {
      const list = jsonOf(parseBody(`[${'0,'.repeat(200_000)}${last}]`));
      assert.ok(Array.isArray(list), 'expected a list');
      assert.equal(list.length, 200_001);
    });
  }

  const reaching: [string, string][] = [
    ['__proto__', '{"__proto__":{"polluted":true}}'],
    ['__proto__ written with escapes', '{"\\u005f_pr\\u006fto__":{"polluted":true}}'],
    ['constructor.prototype', '{"constructor":{"prototype":{"polluted":true}}}'],
    ['__proto__ further down', '{"a":[{"b":{"__proto__":{"polluted":true}}}]}'],
  ];
  for (const [name, member] of reaching) {
    for (const id of ['1', LONG]) {
      it(`leaves out ${name}, beside the id ${id}`, () => {
        const value = jsonOf(parseBody(`{"id":${id},"member":${member}}`));
        assert.ok(isJsonObject(value), 'expected an object');
        assert.deepEqual(Object.keys(value), ['id', 'member']);
        assert.doesNotMatch(JSON.stringify(value), /polluted/);
        assert.equal(Object.getPrototypeOf(value.member), Object.prototype);
        assert.equal(Reflect.get({}, 'polluted'), undefined);
      });
    }
  }

  it('keeps keys that only look as if they reached for a prototype', () => {
    const json =
      '{"constructor":"Lego","prototype":{"a":1},"car":{"prototype":1},"__proto":[{"constructor":[1]}]}';
    assert.deepEqual(jsonOf(parseBody(json)), JSON.parse(json));
  });
});

describe('acceptParsedBody', () => {
  for (const nothing of [undefined, null]) {
    it(`takes ${nothing} for an empty body`, () => {
      assert.deepEqual(acceptParsedBody(nothing), { kind: 'empty' });
    });
  }

  const accepted: [string, unknown][] = [
    ['an object', { a: [1, 'x', true, null, { b: 0.5 }] }],
    ['a list', [1, 2]],
    ['a text', 'hi'],
    ['an empty object', {}],
    ['the largest safe integer', { id: Number.MAX_SAFE_INTEGER }],
  ];
  for (const [name, value] of accepted) {
    it(`accepts ${name} as it is`, () => assert.deepEqual(jsonOf(acceptParsedBody(value)), value));
  }

  it('takes integers that were rounded away, for nobody can tell any more which id they were', () => {
    const value = { id: 2 ** 53, list: [1e30, 1, Number('1e999')], deep: { id: -(2 ** 53) }, small: 0.5 };
    const expected = { id: null, list: [null, 1, null], deep: { id: null }, small: 0.5 };
    assert.deepEqual(jsonOf(acceptParsedBody(value)), expected);
  });

  it('leaves out the keys that reach for a prototype', () => {
    const value = JSON.parse('{"a":[{"__proto__":{"b":1},"constructor":{"prototype":{"b":1}},"c":2}]}');
    assert.deepEqual(jsonOf(acceptParsedBody(value)), { a: [{ c: 2 }] });
  });

  it('refuses circles, of one value and of several, without walking them for ever', () => {
    const circle: unknown[] = [];
    circle.push({ circle }, circle);
    assert.match(reasonOf(acceptParsedBody(circle)), /values that JSON has not/);
  });

  const refused: [string, unknown, RegExp][] = [
    ['a function', { a: () => 1 }, /values that JSON has not/],
    ['a big integer', { a: [1n] }, /values that JSON has not/],
    ['a member that is undefined', { a: undefined }, /values that JSON has not/],
    ['too deep a nesting', JSON.parse(nested(65)), /nested deeper/],
    ['200,000 levels of nesting', JSON.parse(nested(200_000)), /nested deeper/],
  ];
  for (const [name, value, reason] of refused) {
    it(`refuses ${name}`, () => assert.match(reasonOf(acceptParsedBody(value)), reason));
  }

  it('agrees with parseBody on every body without rounded integers', () => {
    const values = [fc.string(), fc.boolean(), fc.constant(null), fc.maxSafeInteger()];
    fc.assert(
      fc.property(fc.object({ values }), (value) => {
        const parsed = acceptParsedBody(value);
        fc.pre(parsed.kind === 'json');
        assert.deepEqual(parsed, parseBody(JSON.stringify(value)));
      }),
    );
  });
});

describe('isJsonObject', () => {
  const cases: [JsonValue | undefined, boolean][] = [
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    [undefined, false],
    ['{}', false],
    [1, false],
  ];
  for (const [value, expected] of cases) {
    it(`says ${expected} of ${JSON.stringify(value)}`, () => assert.equal(isJsonObject(value), expected));
  }
});

describe('toJsonValue', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const cases: [string, unknown, JsonValue | undefined][] = [
    ['turns a date into its text', { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    ['drops what is undefined', { a: undefined, b: 1 }, { b: 1 }],
    ['keeps null', null, null],
    ['has nothing for undefined', undefined, undefined],
    ['has nothing for a function', () => 1, undefined],
    ['has nothing for a circle', circle, undefined],
    ['has nothing for a big integer', { a: 1n }, undefined],
  ];
  for (const [title, value, expected] of cases) {
    it(title, () => assert.deepEqual(toJsonValue(value), expected));
  }

  it('hands back a copy that the bot cannot change any more', () => {
    const value = { list: [1] };
    const copy = toJsonValue(value);
    value.list.push(2);
    assert.deepEqual(copy, { list: [1] });
  });
});

describe('canonicalJson', () => {
  it('writes keys in order at every level, and lists as they are', () => {
    assert.equal(
      canonicalJson({ b: [2, { d: 1, c: null }], a: 'x"y' }),
      '{"a":"x\\"y","b":[2,{"c":null,"d":1}]}',
    );
  });

  it('is JSON of the same value', () => {
    fc.assert(fc.property(anyJson, (value) => assert.deepEqual(JSON.parse(canonicalJson(value)), value)));
  });

  it('is the same for every order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), anyJson), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        assert.equal(canonicalJson(reversed), canonicalJson(value));
      }),
    );
  });

  it('differs for values that differ', () => {
    fc.assert(
      fc.property(anyJson, anyJson, (one, other) => {
        fc.pre(!isSame(one, other));
        assert.notEqual(canonicalJson(one), canonicalJson(other));
      }),
    );
  });
});

function isSame(one: JsonValue, other: JsonValue): boolean {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
}
