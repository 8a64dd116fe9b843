import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readBotPost } from '../../src/wire/readBotPost';

const NOW = Date.UTC(2026, 2, 9, 14, 10);
const times = { earliest: NOW - 3_600_000, latest: NOW + 60_000 };
const json = { 'content-type': 'application/json; charset=utf-8' };
const reply = {
  eventid: '1001',
  conversation_id: 'CONV-1',
  message: 'Your order is on its way.',
  Messagetype: 'TEXT',
  Timestamp: '2026-03-09 14:05:08.031',
};
const handover = {
  eventid: '1002',
  conversation_id: 'CONV-1',
  Timestamp: '2026-03-09 14:06:00.500',
  customparam1: '{"skill":"billing"}',
};

function problemsOf(body: unknown): readonly string[] {
  return readBotPost(json, JSON.stringify(body), times).problems;
}

function without(name: string, fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name));
}

describe('readBotPost', () => {
  it('finds nothing wrong with what the reference prints', () => {
    assert.deepEqual(problemsOf(reply), []);
    assert.deepEqual(problemsOf(handover), []);
    assert.deepEqual(problemsOf({ ...reply, customparam1: 'a', customparam2: '' }), []);
  });

  it('reads each field', () => {
    const headers = { ...json, 'idempotency-key': 'k-1' };
    assert.deepEqual(readBotPost(headers, JSON.stringify({ ...reply, customparam1: 'a' }), times), {
      eventId: '1001',
      conversationId: 'CONV-1',
      text: 'Your order is on its way.',
      stamp: Date.UTC(2026, 2, 9, 14, 5, 8, 31),
      customParams: { customparam1: 'a' },
      key: 'k-1',
      problems: [],
    });
  });

  for (const name of Object.keys(reply)) {
    it(`says that ${name} is missing, empty or no text`, () => {
      assert.match(problemsOf(without(name, reply)).join(), new RegExp(`${name} is missing`));
      assert.notDeepEqual(problemsOf({ ...reply, [name]: '' }), []);
      assert.notDeepEqual(problemsOf({ ...reply, [name]: 1 }), []);
      assert.match(problemsOf({ ...reply, [name]: null }).join(), new RegExp(`${name} is null`));
    });
  }

  const wrong: [name: string, body: unknown, problem: RegExp][] = [
    ['an unknown event', { ...reply, eventid: '2001' }, /eventid is "2001"/],
    ['an eventid that is a number', { ...reply, eventid: 1001 }, /eventid is of type number/],
    ['an unknown field', { ...reply, extra: 'x' }, /extra is no field of 1001/],
    [
      'a field in another casing',
      { ...reply, MessageType: 'TEXT' },
      /MessageType is no field of 1001; Messagetype is/,
    ],
    [
      'the name of the other direction',
      { ...reply, Conversationid: 'x' },
      /Conversationid .* conversation_id is/,
    ],
    ['a message in a handover', { ...handover, message: 'x' }, /message is no field of 1002/],
    [
      'a parameter that is no text',
      { ...handover, customparam1: { a: 1 } },
      /customparam1 is of type object/,
    ],
    ['a parameter in a list', { ...handover, customparam1: ['a'] }, /customparam1 is a list/],
    [
      'a gap in the numbers',
      { ...handover, customparam3: 'x' },
      /customparam3 is there, but customparam2 is missing/,
    ],
    ['a parameter 0', { ...handover, customparam0: 'x' }, /customparam0 is no field/],
    ['another format of stamp', { ...reply, Timestamp: '2026-03-09T14:05:08.031Z' }, /YYYY-MM-DD/],
    ['hundredths', { ...reply, Timestamp: '2026-03-09 14:05:08.03' }, /YYYY-MM-DD/],
    ['a stamp of the future', { ...reply, Timestamp: '2026-03-09 16:05:08.031' }, /future/],
    ['a stamp of long ago', { ...reply, Timestamp: '2026-03-09 09:05:08.031' }, /past/],
    ['a list', [reply], /no JSON object/],
    ['null', null, /no JSON object/],
  ];
  for (const [name, body, problem] of wrong) {
    it(`complains about ${name}`, () => assert.match(problemsOf(body).join(' '), problem));
  }

  it('complains about a body that is no JSON and about its type', () => {
    const { problems } = readBotPost({ 'content-type': 'text/plain' }, 'eventid=1001', times);
    assert.match(problems.join(' '), /Content-Type is text\/plain.*no JSON object/);
    assert.match(readBotPost({}, '{}', times).problems.join(' '), /Content-Type is missing/);
  });

  const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
  for (const eventid of [...names, { toString: 1 }, { valueOf: null }, [['1001']], true]) {
    it(`is not taken in by the eventid ${JSON.stringify(eventid)}`, () => {
      const { problems } = readBotPost(json, JSON.stringify({ ...reply, eventid }), times);
      assert.match(problems.join(), /^eventid is .+; the reference knows "1001" and "1002"\.$/);
    });
  }

  it('takes no field from a prototype', () => {
    const body = `{"__proto__":${JSON.stringify(reply)},"eventid":"1001"}`;
    const { conversationId, problems } = readBotPost(json, body, times);
    assert.equal(conversationId, undefined);
    assert.match(problems.join(' '), /conversation_id is missing.+__proto__ is no field/);
  });

  it('reads what is nested deeper than it can be written', () => {
    const deep = `${'['.repeat(400_000)}${']'.repeat(400_000)}`;
    const { eventId, problems } = readBotPost(json, `{"eventid":${deep}}`, times);
    assert.equal(eventId, undefined);
    assert.match(problems.join(), /eventid is a list/);
    const post = readBotPost(json, `{"eventid":"1002","conversation_id":"a","customparam1":${deep}}`, times);
    assert.deepEqual(post.customParams, { customparam1: '…' });
  });

  it('tells only the first of many problems, and nothing at full length', () => {
    const long = 'x'.repeat(100_000);
    const many = Object.fromEntries(
      Array.from({ length: 5000 }, (_, n) => [`${n} ${long.slice(0, 100)}`, 1]),
    );
    const { problems } = readBotPost(json, JSON.stringify({ ...many, ...reply, Timestamp: long }), times);
    assert.equal(problems.at(-1), 'And 4981 problems more.');
    assert.ok(problems.join().length < 5000, `${problems.join().length} characters`);
    const unknown = readBotPost(json, JSON.stringify({ eventid: long, conversation_id: long }), times);
    assert.ok(JSON.stringify(unknown).length < 1000, 'told at full length');
  });

  it('still understands an eventid that is a number', () => {
    assert.equal(readBotPost(json, JSON.stringify({ ...reply, eventid: 1001 }), times).eventId, '1001');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        const { problems } = readBotPost(json, body, times);
        assert.ok(problems.length > 0, `nothing wrong with ${body}?`);
      }),
    );
  });
});
