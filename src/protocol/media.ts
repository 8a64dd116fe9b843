import { lookup as contentTypeOf } from 'mime-types';
import { isJsonObject, type JsonObject, type JsonValue, parseBody } from './json';
import { asText, normaliseFieldName } from './wireFields';

/**
 * One piece of media of an inbound message. Webex Connect does not document the shape of `Media`, so all of
 * this is an assumption: a URL, an object with a URL in it, a list of either, or any of these as JSON text.
 */
export type MediaItem =
  | {
      readonly kind: 'link';
      readonly url: string;
      readonly contentType: string;
      readonly name: string | undefined;
    }
  /** Nothing in it was recognised as a URL: kept as it came. */
  | { readonly kind: 'opaque'; readonly content: JsonValue };

/** One piece of media as an option's function reads it. */
export interface MediaLink {
  readonly url: string;
  /** By default from the URL's extension, or the message's type. */
  readonly contentType?: string;
  readonly name?: string;
}

/** Makes an item of what an option's function read. */
export function toMediaItem(media: MediaLink, messageType: string | undefined): MediaItem {
  return isUrl(media.url)
    ? link(media.url, media.contentType, media.name, messageType)
    : { kind: 'opaque', content: { ...media } };
}

/** More than this many pieces in one message are no message of a customer. */
const MAX_ITEMS = 100;
const URL_NAMES = ['url', 'mediaurl', 'fileurl', 'contenturl', 'link', 'href', 'src'];
const TYPE_NAMES = ['contenttype', 'mimetype', 'mediatype', 'type'];
const NAME_NAMES = ['name', 'filename', 'caption', 'title'];
const FALLBACK_CONTENT_TYPE = 'application/octet-stream';

/**
 * Reads `Media`.
 *
 * @param value The field as it came.
 * @param messageType `MessageType` of the message, which hints at the kind when the media does not name it.
 */
export function decodeMedia(
  value: JsonValue | undefined,
  messageType: string | undefined,
): readonly MediaItem[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return decodeMediaText(value.trim(), messageType);
  if (Array.isArray(value)) {
    return value.slice(0, MAX_ITEMS).flatMap((item: JsonValue) => decodeItem(item, messageType));
  }
  return decodeItem(value, messageType);
}

function decodeMediaText(text: string, messageType: string | undefined): readonly MediaItem[] {
  const embedded = /^[[{]/.test(text) ? tryParse(text) : undefined;
  if (typeof embedded === 'object') return decodeMedia(embedded, messageType);
  return decodeItem(text, messageType);
}

function decodeItem(item: JsonValue, messageType: string | undefined): readonly MediaItem[] {
  if (item === null || item === '') return [];
  if (typeof item === 'string' && isUrl(item)) return [link(item, undefined, undefined, messageType)];
  if (!isJsonObject(item)) return [{ kind: 'opaque', content: item }];
  if (Object.keys(item).length === 0) return [];
  const url = firstText(item, URL_NAMES);
  if (url === undefined || !isUrl(url)) return [{ kind: 'opaque', content: item }];
  return [link(url, firstText(item, TYPE_NAMES), firstText(item, NAME_NAMES), messageType)];
}

function link(
  url: string,
  type: string | undefined,
  name: string | undefined,
  messageType: string | undefined,
): MediaItem {
  return { kind: 'link', url, contentType: contentTypeFor(url, type, messageType), name };
}

function contentTypeFor(url: string, type: string | undefined, messageType: string | undefined): string {
  if (type?.includes('/')) return type;
  const byExtension = contentTypeOf(new URL(url).pathname);
  if (byExtension !== false) return byExtension;
  const family = (type ?? messageType ?? '').toLowerCase();
  return ['image', 'audio', 'video'].includes(family) ? `${family}/*` : FALLBACK_CONTENT_TYPE;
}

function firstText(item: JsonObject, names: readonly string[]): string | undefined {
  const entry = Object.entries(item).find(
    ([key, value]) => names.includes(normaliseFieldName(key)) && typeof value === 'string' && value !== '',
  );
  return asText(entry?.[1]);
}

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function tryParse(text: string): JsonValue | undefined {
  // As strict about depth and digits as the body around it.
  const parsed = parseBody(text);
  return parsed.kind === 'json' ? parsed.value : undefined;
}
