import assert from 'node:assert/strict';
import type { Activity } from 'botbuilder';
import { AgentMirrorMiddleware, ConversationTracker, type DeliveryStore, MemoryStore } from '../../src';
import { SqliteStore } from '../../src/sqlite';
import { type BotHost, echo, type Mount, onNodeHttp, serveBot, TOKEN } from '../support/botHost';
import { onExpress, onRestify } from '../support/frameworkMounts';
import { makePostgresStore } from '../support/postgresStores';
import { RecordingLogger } from '../support/recordingLogger';
import { stillServes } from './support/survival';

/** Each way in meets each body; a store on disk has text columns and indexes of its own. */
const TARGETS: [title: string, mount: Mount, newStore: () => Promise<DeliveryStore>][] = [
  ['node:http on memory', onNodeHttp, async () => new MemoryStore()],
  ['restify on memory', onRestify(), async () => new MemoryStore()],
  ['Express on memory', onExpress(), async () => new MemoryStore()],
  ['node:http on SQLite', onNodeHttp, async () => new SqliteStore(':memory:')],
  ['node:http on PostgreSQL', onNodeHttp, () => makePostgresStore()],
];

const LEVELS = 100_000;
const NESTED_LISTS = '['.repeat(LEVELS) + ']'.repeat(LEVELS);
const NESTED_OBJECTS = `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`;
const LONG_ID = '123456789012345678901234567890';

/** The fields of an event as JSON; the later ones are the attack. */
const event = (...fields: readonly string[]) =>
  `{${['"Event":"Incoming message"', '"ConversationType":"BOT"', ...fields].join(',')}}`;
const inC = (...fields: readonly string[]) => event('"Conversationid":"C"', ...fields);
const bytes = (...parts: readonly (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));

interface Seen {
  readonly text: string;
  readonly name: string | undefined;
  readonly id: string | undefined;
  readonly channelData: Activity['channelData'];
  readonly conversationId: string;
}

interface Strange {
  readonly title: string;
  readonly body: string | Buffer;
  /** What the bot is shown; by default nothing. */
  readonly shows?: (activity: Seen) => void;
  /** Why it is quarantined; by default it is not. */
  readonly quarantined?: string;
}

const NOT_JSON = 'the body is not JSON';
const TOO_DEEP = 'the body is nested deeper than 64 levels';
const BAD_ID = 'the conversation ID is not a text of 1 to 512 printable characters';

const says = (text: string) => (activity: Seen) => assert.equal(activity.text, text);

const STRANGE: readonly Strange[] = [
  { title: 'a lone surrogate in a text', body: inC('"Message":"a\\ud800b"'), shows: says('a\ud800b') },
  { title: 'a lone surrogate in an ID', body: event('"Conversationid":"a\\udc00"'), quarantined: BAD_ID },
  {
    title: 'lone surrogates in keys and in a message ID',
    body: inC('"\\ud800":"\\udfff"', '"Messageid":"\\udbff"', '"Message":"hi"'),
    shows: says('hi'),
  },
  { title: 'an escaped NUL in a text', body: inC('"Message":"a\\u0000b"'), shows: says('a\0b') },
  { title: 'a bare NUL in a text', body: inC('"Message":"a\0b"'), quarantined: NOT_JSON },
  { title: 'nothing but NULs', body: '\0'.repeat(1000), quarantined: NOT_JSON },
  { title: 'a NUL in an ID', body: event('"Conversationid":"a\\u0000"'), quarantined: BAD_ID },
  {
    title: 'a NUL in keys, in the names of events and in a message ID',
    body: inC('"\\u0000":"\\u0000"', '"Messageid":"a\\u0000"', '"Event":"\\u0000"', '"Message":"hi"'),
    shows: says('hi'),
  },
  {
    title: 'invalid UTF-8 in a text',
    body: bytes('{"Event":"Incoming message","Conversationid":"C","Message":"a', 0xff, 0xc0, 0xaf, 'b"}'),
    shows: says('a\ufffd\ufffd\ufffdb'),
  },
  {
    title: 'invalid UTF-8 in an ID: what cannot be told apart is still one conversation',
    body: bytes('{"Event":"Incoming message","Conversationid":"C', 0xff, '","Message":"hi"}'),
    shows: ({ conversationId }) => assert.equal(conversationId, 'C\ufffd'),
  },
  {
    title: 'overlong UTF-8 for a quote',
    body: bytes('{"Conversationid":', 0xc0, 0xa2, '}'),
    quarantined: NOT_JSON,
  },
  { title: 'a byte order mark', body: `\ufeff${inC('"Message":"hi"')}`, shows: says('hi') },
  { title: 'two byte order marks', body: `\ufeff\ufeff${inC('"Message":"hi"')}`, quarantined: NOT_JSON },
  { title: 'UTF-16', body: Buffer.from(`\ufeff${inC('"Message":"hi"')}`, 'utf16le'), quarantined: NOT_JSON },
  { title: `${LEVELS} lists in each other`, body: NESTED_LISTS, quarantined: TOO_DEEP },
  { title: `${LEVELS} objects in each other`, body: NESTED_OBJECTS, quarantined: TOO_DEEP },
  { title: `${LEVELS} lists as a text`, body: inC(`"Message":${NESTED_LISTS}`), quarantined: TOO_DEEP },
  { title: `${LEVELS} objects as media`, body: inC(`"Media":${NESTED_OBJECTS}`), quarantined: TOO_DEEP },
  {
    title: `${LEVELS} lists beside a long number`,
    body: inC(`"a":${LONG_ID},"b":${NESTED_LISTS}`),
    quarantined: TOO_DEEP,
  },
  { title: `${LEVELS} lists that never end`, body: '['.repeat(LEVELS), quarantined: NOT_JSON },
  {
    title: `${LEVELS} lists in each other, written into a text`,
    body: inC(`"Media":"${NESTED_LISTS}"`, '"Message":"hi"'),
    shows: says('hi'),
  },
  {
    title: 'keys that reach for prototypes',
    body: inC(
      '"__proto__":{"polluted":true,"Message":"no"}',
      '"constructor":{"prototype":{"polluted":true}}',
      '"x":[{"\\u005f_proto__":{"polluted":true}}]',
      '"Message":"hi"',
    ),
    shows({ text, channelData }) {
      assert.equal(text, 'hi');
      // What careless bots do with it.
      const copied = Object.assign({}, channelData);
      for (const value of [copied, copied.x[0], {}, channelData]) assert.equal(value.polluted, undefined);
      assert.doesNotMatch(JSON.stringify(channelData), /polluted/);
    },
  },
  {
    title: 'keys that are the methods of objects',
    body: inC(
      '"hasOwnProperty":1',
      '"toString":"x"',
      '"valueOf":null',
      '"toJSON":"x"',
      '"then":"x"',
      '"Message":"hi"',
    ),
    shows: says('hi'),
  },
  {
    title: '20,000 keys that hash functions of old cannot tell apart',
    body: inC(...collidingKeys(20_000).map((key) => `"${key}":0`), '"Message":"hi"'),
    shows: says('hi'),
  },
  {
    title: '20,000 keys that are numbers far apart',
    body: inC(
      ...Array.from({ length: 20_000 }, (_, n) => `"${(n * 2 ** 17) % 2 ** 32}":0`),
      '"Message":"hi"',
    ),
    shows: says('hi'),
  },
  {
    title: 'one field in every spelling',
    body: event('"Conversationid":"A"', '"conversation_id":"B"', '"CONVERSATION-ID":"C"', '"Message":"hi"'),
    shows: ({ conversationId }) => assert.equal(conversationId, 'A'),
  },
  {
    title: 'the same key twice',
    body: event('"Conversationid":"A"', '"Conversationid":"B"', '"Message":"hi"'),
    shows: ({ conversationId }) => assert.equal(conversationId, 'B'),
  },
  {
    title: 'the same key twice, beside a long number',
    body: event('"Conversationid":"A"', `"Conversationid":${LONG_ID}`, '"Message":"hi"'),
    shows: ({ conversationId }) => assert.equal(conversationId, LONG_ID),
  },
  { title: 'an infinite ID', body: event('"Conversationid":1e999'), quarantined: BAD_ID },
  { title: 'an ID that a double rounds', body: event('"Conversationid":123456789e20'), quarantined: BAD_ID },
  {
    title: 'infinite numbers elsewhere',
    body: inC('"Messageid":1e999', '"Timestamp":-1e999', '"UserId":1e999', '"Message":"hi"'),
    shows: ({ text, id }) => assert.deepEqual([text, id !== 'Infinity'], ['hi', true]),
  },
  {
    title: 'an ID of thirty digits',
    body: event(`"Conversationid":${LONG_ID}`, '"Message":"hi"'),
    shows: ({ conversationId }) => assert.equal(conversationId, LONG_ID),
  },
  {
    title: 'an ID of 200,000 digits',
    body: event(`"Conversationid":${'9'.repeat(200_000)}`),
    quarantined: BAD_ID,
  },
  {
    title: 'a message ID of 200,000 characters',
    body: inC(`"Messageid":"${'m'.repeat(200_000)}"`, '"Message":"hi"'),
    shows: says('hi'),
  },
  ...['\\n', '\\r\\n', '\\u001b[31m', '\\u0085', '\\u2028', '\\u202e'].map((sign) => ({
    title: `${sign} in an ID`,
    body: event(`"Conversationid":"C${sign}2026-01-01 ERROR all is lost"`),
    quarantined: BAD_ID,
  })),
  {
    title: 'line ends wherever else they may stand',
    body: inC(
      '"Event":"a\\nERROR b"',
      '"Messageid":"a\\nERROR b"',
      '"Channel":"a\\nERROR b"',
      '"Message":"fail\\nERROR"',
    ),
    shows: ({ name }) => assert.equal(name, 'a\nERROR b'),
  },
  { title: 'a text', body: '"hi"' },
  { title: 'a number', body: '1e999' },
  { title: 'nothing but white space', body: ' \n'.repeat(10_000) },
  { title: 'two events', body: inC('"Message":"hi"').repeat(2), quarantined: NOT_JSON },
  { title: 'JavaScript', body: 'process.exit(1)', quarantined: NOT_JSON },
  {
    title: 'XML',
    body: '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    quarantined: NOT_JSON,
  },
];

/** Strings of `Aa` and `BB`, which are the same to the hash that many languages once used. */
function collidingKeys(count: number): string[] {
  const digits = Math.ceil(Math.log2(count));
  return Array.from({ length: count }, (_, number) =>
    number.toString(2).padStart(digits, '0').replaceAll('0', 'Aa').replaceAll('1', 'BB'),
  );
}

for (const [target, mount, newStore] of TARGETS) {
  describe(`${target}, under a body of`, () => {
    let host: BotHost;
    let seen: Seen[];
    let logger: RecordingLogger;

    before(async () => {
      const store = await newStore();
      seen = [];
      logger = new RecordingLogger();
      host = await serveBot(
        { store, logger, inbound: { bodyLimitBytes: 1024 * 1024 } },
        async (context) => {
          const { text, name, id, channelData, conversation } = context.activity;
          seen.push({ text, name, id, channelData, conversationId: conversation.id });
          // What middleware of Bot Framework does with activities.
          JSON.stringify(context.activity);
          await echo(context);
        },
        mount,
        (adapter) => adapter.use(new ConversationTracker(), new AgentMirrorMiddleware()),
      );
    });
    after(() => host.stop());

    for (const { title, body, shows, quarantined } of STRANGE) {
      it(title, async () => {
        seen.length = 0;
        const known = new Set((await host.adapter.quarantine.list()).map(({ id }) => id));
        const answer = await host.post(body);
        assert.equal(answer.status, 200);
        assert.equal(answer.text, JSON.stringify({ verification_token: TOKEN }));
        await host.adapter.whenIdle();

        const added = (await host.adapter.quarantine.list()).filter(({ id }) => !known.has(id));
        const expected = quarantined === undefined ? [] : [quarantined];
        assert.deepEqual(
          added.map(({ reason }) => reason),
          expected,
        );
        assert.equal(seen.length, shows === undefined ? 0 : 1);
        for (const activity of seen) shows?.(activity);
        assert.equal(host.adapter.counters.get('turns_failed_total'), 0);
        assert.equal(host.adapter.counters.get('sends_failed_total'), 0);
        assert.deepEqual(Object.keys(Object.prototype), []);
        assert.doesNotMatch(
          logger.texts().join('\0').replaceAll('\0', ''),
          /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u,
        );
        await stillServes(host);
      });
    }
  });
}
