import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/protocol/json';

/** Any JSON value, as a type of the protocol. */
export const anyJson: fc.Arbitrary<JsonValue> = fc
  .jsonValue()
  .map((value) => JSON.parse(JSON.stringify(value)));

/** Any UTF-16 units, lone surrogates included. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.nat({ max: 0xffff }))
  .map((units) => String.fromCharCode(...units));

const FIRST_TIME = Date.UTC(1970, 0, 1);
const LAST_TIME = Date.UTC(9999, 11, 30);

/** Milliseconds since the epoch that a year of four digits can hold. */
export const anyTime: fc.Arbitrary<number> = fc.integer({ min: FIRST_TIME, max: LAST_TIME });

export const conversationIds: fc.Arbitrary<string> = fc
  .string({ minLength: 1, maxLength: 40, unit: 'grapheme-composite' })
  .filter((id) => id.trim() !== '' && !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(id));

const links: fc.Arbitrary<JsonValue> = fc.constantFrom<JsonValue>(
  'https://x.example/a.png',
  'http://x.example/plain?size=1',
  { url: 'https://x.example/b.pdf', Content_Type: 'application/pdf', fileName: 'b.pdf' },
  { MediaUrl: 'https://x.example/c', type: 'video' },
  { id: 'no link' },
);

const media: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>('', '  ', [], {}, [null, ''], '[]', '{}', '[{', '5'),
  links,
  links.map((link) => JSON.stringify(link)),
  fc.array(fc.oneof(links, anyJson)),
  anyJson,
);

const timestamps: fc.Arbitrary<JsonValue> = fc.oneof(
  anyTime.map((time) => new Date(time).toISOString()),
  anyTime.map((time) => new Date(time).toISOString().replace('T', ' ').slice(0, -2)),
  anyTime.map((time) => `${new Date(time).toISOString().slice(0, -1)}+05:30`).filter((text) => text < '9999'),
  anyJson,
);

const documentedEvents = fc.constantFrom<JsonValue>(
  'Incoming message',
  'FB POSTBACK',
  'Message Delivery',
  'Agent Message',
  'Chat Closed',
  'Incoming_Message',
  '',
);

/** An event as the platform documents it, or as it might come: each field may be missing, or be anything. */
export const anyEventPayload: fc.Arbitrary<JsonObject> = fc.record<Record<string, JsonValue>, string>(
  {
    Conversationid: fc.oneof(conversationIds, fc.maxSafeInteger()),
    ConversationType: fc.oneof(
      fc.constantFrom<JsonValue>('BOT', 'bot', ' Bot ', 'AGENT', 'CCSP', ''),
      anyJson,
    ),
    Message: fc.oneof(anyText, anyJson),
    MessageType: fc.oneof(fc.constantFrom<JsonValue>('TEXT', 'image', 'VIDEO', 7), anyJson),
    Messageid: fc.oneof(fc.string(), fc.maxSafeInteger(), anyJson),
    Media: media,
    Channel: fc.oneof(fc.constantFrom<JsonValue>('FB', 'WEB'), anyJson),
    Event: fc.oneof(documentedEvents, documentedEvents, anyJson),
    PostbackPayload: fc.oneof(anyText, anyJson),
    DeliveryStatus: fc.oneof(fc.constantFrom<JsonValue>('Delivered', ' failed', 'READ', 'Queued'), anyJson),
    Description: anyJson,
    Timestamp: timestamps,
    BotConversationid: fc.oneof(conversationIds, fc.maxSafeInteger(), anyJson),
    Unknown: anyJson,
  },
  { requiredKeys: ['Conversationid'], noNullPrototype: true },
);

/** A way to write keys that Webex Connect would not: other case, `_`, `-` and blanks between and around. */
export const anySpelling: fc.Arbitrary<(name: string) => string> = fc
  .array(fc.record({ isUpper: fc.boolean(), before: fc.constantFrom('', '', '', '_', '-', ' ', '__') }), {
    minLength: 1,
    maxLength: 24,
  })
  .map((changes) => (name) => {
    const letters = [...name].map((letter, index) => {
      const change = changes[index % changes.length];
      const cased = change?.isUpper ? letter.toUpperCase() : letter.toLowerCase();
      return `${change?.before ?? ''}${cased}`;
    });
    return letters.join('');
  });
