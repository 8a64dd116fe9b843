import type { Dialect } from '../world';
import { eventNameOf, type PlatformEvent } from './platformEvent';
import { writePlatformStamp } from './stamps';

type Field = readonly [name: string, value: string];

const MEDIA_TYPES: readonly [pattern: RegExp, type: string][] = [
  [/\.(png|jpe?g|gif|webp|heic|bmp|svg)$/i, 'IMAGE'],
  [/\.(mp4|mov|webm|3gp)$/i, 'VIDEO'],
  [/\.(mp3|ogg|wav|m4a|aac)$/i, 'AUDIO'],
];

const CAMEL_CASE: Readonly<Record<string, string>> = {
  Conversationid: 'conversationId',
  ConversationType: 'conversationType',
  Message: 'message',
  MessageType: 'messageType',
  Messageid: 'messageId',
  Media: 'media',
  Channel: 'channel',
  Event: 'event',
  Timestamp: 'timestamp',
  PostbackPayload: 'postbackPayload',
  DeliveryStatus: 'deliveryStatus',
  Description: 'description',
  BotConversationid: 'botConversationId',
};

const CASINGS: readonly ((name: string) => string)[] = [
  (name) => name.toLowerCase(),
  (name) => CAMEL_CASE[name] ?? name,
  (name) => name.toUpperCase(),
];

/**
 * The event as JSON, with the fields of the reference in the reference's order.
 *
 * @param ordinal Which event of the conversation it is: sloppy casing takes another casing for each.
 */
export function writeEvent(event: PlatformEvent, dialect: Dialect, ordinal: number): string {
  return JSON.stringify(Object.fromEntries(inDialect(fieldsOf(event), dialect, ordinal)));
}

function inDialect(fields: readonly Field[], dialect: Dialect, ordinal: number): readonly Field[] {
  if (dialect === 'withoutMessageid') return fields.filter(([name]) => name !== 'Messageid');
  if (dialect === 'documented') return fields;
  const recase = CASINGS[ordinal % CASINGS.length] ?? ((name) => name);
  return fields.map(([name, value]) => [recase(name), value]);
}

function fieldsOf(event: PlatformEvent): readonly Field[] {
  const conversation: Field[] = [
    ['Conversationid', event.conversationId],
    ['ConversationType', event.conversationType],
  ];
  if (event.botConversationId !== undefined)
    conversation.push(['BotConversationid', event.botConversationId]);
  return [...conversation, ...ownFieldsOf(event), ['Timestamp', writePlatformStamp(event.at)]];
}

function ownFieldsOf(event: PlatformEvent): readonly Field[] {
  const channelAndEvent: readonly Field[] = [
    ['Channel', event.channel],
    ['Event', eventNameOf(event)],
  ];
  switch (event.kind) {
    case 'message':
      return [
        ['Message', event.text],
        ['MessageType', messageTypeOf(event.media)],
        ['Messageid', event.messageId],
        // Assumption: the shape of `Media` is not published; here it is the URL.
        ['Media', event.media ?? ''],
        ...channelAndEvent,
      ];
    case 'postback':
      return [['PostbackPayload', event.payload], ...channelAndEvent];
    case 'receipt':
      return [
        ['Messageid', event.messageId],
        ...channelAndEvent,
        ['DeliveryStatus', event.status],
        ['Description', event.status === 'Failed' ? 'User has opted out' : ''],
      ];
  }
}

/** Assumption: no value of `MessageType` is published. */
function messageTypeOf(media: string | undefined): string {
  if (media === undefined) return 'TEXT';
  const path = media.replace(/[?#].*$/s, '');
  return MEDIA_TYPES.find(([pattern]) => pattern.test(path))?.[1] ?? 'FILE';
}
