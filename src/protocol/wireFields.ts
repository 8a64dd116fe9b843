import type { JsonObject, JsonValue } from './json';

/**
 * The fields that Webex Connect documents, with other spellings seen or likely (assumption). Case and `_`, `-`
 * and blanks never matter: the platform itself writes `Conversationid` one way and `conversation_id` the other.
 */
const SPELLINGS = {
  conversationId: ['conversationid', 'convid'],
  conversationType: ['conversationtype'],
  message: ['message', 'messagetext', 'text'],
  messageType: ['messagetype'],
  messageId: ['messageid', 'msgid'],
  media: ['media'],
  channel: ['channel'],
  event: ['event', 'eventname'],
  timestamp: ['timestamp'],
  postbackPayload: ['postbackpayload'],
  deliveryStatus: ['deliverystatus'],
  description: ['description'],
} as const;

/** A field that Webex Connect documents. */
export type WireField = keyof typeof SPELLINGS;

/** The names that come again with every event: so many, and no longer ones, so that nobody can fill the memory. */
const NAMES_REMEMBERED = 200;
const LONGEST_REMEMBERED = 40;
const remembered = new Map<string, string>();

/** `Conversation_ID`, `conversationId` and `Conversationid` are one field. */
export function normaliseFieldName(name: string): string {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const normalised = name.replace(/[\s_-]/g, '').toLowerCase();
  if (remembered.size < NAMES_REMEMBERED && name.length <= LONGEST_REMEMBERED)
    remembered.set(name, normalised);
  return normalised;
}

/** Reads the fields of one payload whatever their spelling. */
export class WireFields {
  static #latest: { readonly payload: JsonObject; readonly fields: WireFields } | undefined;
  readonly #values = new Map<string, JsonValue>();

  /**
   * Of a payload that is asked several times, mostly in a row: it may have as many fields as a stranger likes, and none
   * changes. (A `WeakMap` costs more per message than it spares.)
   */
  static of(payload: JsonObject): WireFields {
    const latest = WireFields.#latest;
    if (latest?.payload === payload) return latest.fields;
    const fields = new WireFields(payload);
    WireFields.#latest = { payload, fields };
    return fields;
  }

  constructor(payload: JsonObject) {
    for (const name of Object.keys(payload)) {
      const value = payload[name];
      const key = normaliseFieldName(name);
      if (value !== undefined && isBlank(this.#values.get(key))) this.#values.set(key, value);
    }
  }

  get(field: WireField): JsonValue | undefined {
    for (const spelling of SPELLINGS[field]) {
      const value = this.#values.get(spelling);
      if (!isBlank(value)) return value;
    }
    return undefined;
  }

  /** A field that is not documented, by a name in any spelling. */
  getByName(name: string): JsonValue | undefined {
    const value = this.#values.get(normaliseFieldName(name));
    return isBlank(value) ? undefined : value;
  }

  /** The field as text: numbers and booleans in digits and words, objects as JSON. Blank is `undefined`. */
  text(field: WireField): string | undefined {
    return asText(this.get(field));
  }

  /** The field as a name: trimmed text. `undefined` for blanks, and for what is neither text nor number. */
  label(field: WireField): string | undefined {
    const value = this.get(field);
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    return String(value).trim() || undefined;
  }

  /** Every field under its normalised name, sorted: the same for every spelling of one event. */
  canonical(): readonly (readonly [string, JsonValue])[] {
    return [...this.#values].sort(([left], [right]) => (left < right ? -1 : 1));
  }
}

/** A scalar as text, an object or array as JSON, nothing as `undefined`. */
export function asText(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isBlank(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}
