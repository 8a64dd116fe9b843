import assert from 'node:assert/strict';
import { type DecodeSettings, decodeEvent, namesAnAgent } from '../../src/protocol/decodeEvent';
import type { InboundEvent } from '../../src/protocol/inboundEvent';
import { isJsonObject, type JsonObject, type JsonValue, parseBody } from '../../src/protocol/json';

/** The conversation of every documented payload. */
export const CONVERSATION_ID = 'CONV-7f3a1c52-0d7e-4f0b-9c0e-2f6d0a9b1e11';
export const RECEIVED_AT = Date.UTC(2026, 2, 9, 14, 5, 30);

/** The adapter's defaults. */
export const SETTINGS: DecodeSettings = {
  hourClock: 24,
  botConversationFields: ['BotConversationid'],
  botConversationOf: undefined,
  botConversationTypes: ['BOT'],
  isAgentMessage: namesAnAgent,
  decodeMedia: undefined,
};

export type EventKind = InboundEvent['kind'];
export type EventOf<Kind extends EventKind> = Extract<InboundEvent, { kind: Kind }>;

/** The object that a body must hold. */
export function objectIn(body: string): JsonObject {
  const parsed = parseBody(body);
  const value = parsed.kind === 'json' ? parsed.value : undefined;
  assert.ok(isJsonObject(value), `expected a JSON object, got ${parsed.kind}`);
  return value;
}

/** Decodes what must be an event. */
export function decode(value: JsonValue, settings: Partial<DecodeSettings> = {}): InboundEvent {
  const result = decodeEvent(value, { ...SETTINGS, ...settings }, RECEIVED_AT);
  assert.ok(result.kind === 'event', `expected an event, got ${result.kind}`);
  return result.event;
}

/** Decodes what must be an event of this kind. */
export function decodeAs<Kind extends EventKind>(
  kind: Kind,
  value: JsonValue,
  settings: Partial<DecodeSettings> = {},
): EventOf<Kind> {
  const event = decode(value, settings);
  assert.ok(isKind(event, kind), `expected ${kind}, got ${event.kind}`);
  return event;
}

function isKind<Kind extends EventKind>(event: InboundEvent, kind: Kind): event is EventOf<Kind> {
  return event.kind === kind;
}

/** An event without the payload it came in. */
export function meaningOf(event: InboundEvent): Omit<InboundEvent, 'payload'> {
  const { payload: _, ...meaning } = event;
  return meaning;
}

/** The payload with each key under another name. */
export function respell(payload: JsonObject, spell: (name: string) => string): JsonObject {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [spell(name), value]));
}
