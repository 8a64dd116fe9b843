import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dice } from './dice';
import { FIELDS, TOKENS } from './dictionary';

const PAYLOADS = join(__dirname, '..', 'fixtures', 'payloads');
const NAMES = ['incoming-message', 'postback', 'message-delivery', 'reply-1001', 'handover-1002'];
const read = (file: string) => readFileSync(join(PAYLOADS, file), 'utf8');

/** What the platform documents: as well-formed JSON, and as its page prints it, which is none. */
const DOCUMENTED = NAMES.map((name) => read(`${name}.json`));
const AS_PRINTED = NAMES.map((name) => read(`${name}.txt`));

/** Few enough that a store of conversations stays small, and each gets many bodies. */
const CONVERSATIONS = 200;

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A documented event with an ID and a conversation of its own. */
function freshEvent(dice: Dice): Record<string, Json> {
  const payload: Record<string, Json> = JSON.parse(dice.pick(DOCUMENTED.slice(0, 3)));
  payload.Conversationid = `fuzz-${dice.below(CONVERSATIONS)}`;
  if ('Messageid' in payload) payload.Messageid = `m-${dice.below(2 ** 31)}`;
  return dice.chance(0.1) ? ofAgent(payload) : payload;
}

/** The same, as it is mirrored from a conversation with an agent. */
function ofAgent(payload: Record<string, Json>): Record<string, Json> {
  const BotConversationid = payload.Conversationid ?? '';
  const Conversationid = `agent-of-${BotConversationid}`;
  return { ...payload, Conversationid, BotConversationid, ConversationType: 'AGENT', Event: 'Agent message' };
}

/** An event one of whose fields, or several, are gone, doubled, misspelt or something else. */
function bentEvent(dice: Dice): string {
  const fields = Object.entries(freshEvent(dice));
  for (let bends = 1 + dice.below(4); bends > 0; bends--) {
    const at = dice.below(fields.length);
    const [name, value] = fields[at] ?? ['', ''];
    dice.choose<unknown>([
      () => fields.splice(at, 1),
      () => fields.splice(at, 1, [respell(name, dice), value]),
      () => fields.splice(at, 1, [name, anyJson(dice, 4)]),
      () => fields.splice(dice.below(fields.length + 1), 0, [name, anyJson(dice, 2)]),
      () => fields.push([dice.pick(FIELDS), anyJson(dice, 4)]),
      () => fields.push(['ConversationType', dice.pick(['AGENT', 'bot', '', 'CCSP'])]),
      () => fields.splice(at, 1, [name, nest(value, dice.below(100))]),
    ]);
  }
  // Written by hand: an object would keep one of two equal keys.
  const members = fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${members.join(',')}}`;
}

function respell(name: string, dice: Dice): string {
  return dice.pick([
    name.toLowerCase(),
    name.toUpperCase(),
    `_${name}`,
    name.replace(/(?=[A-Z])/g, '_'),
    `${name} `,
  ]);
}

function nest(value: Json, levels: number): Json {
  let nested = value;
  for (let level = 0; level < levels; level++) nested = level % 2 === 0 ? [nested] : { a: nested };
  return nested;
}

/** Any JSON value. */
export function anyJson(dice: Dice, depth: number): Json {
  const size = () => dice.below(5);
  return dice.choose<Json>([
    () => dice.pick([null, true, false, '', 0, -1, 1.5, 2 ** 53, 1e300, 'null', '0']),
    () => anyText(dice),
    () => dice.below(2 ** 31),
    () => (depth === 0 ? [] : Array.from({ length: size() }, () => anyJson(dice, depth - 1))),
    () =>
      depth === 0
        ? {}
        : Object.fromEntries(
            Array.from({ length: size() }, () => [dice.pick(FIELDS), anyJson(dice, depth - 1)]),
          ),
  ]);
}

/** Any UTF-16 units, lone surrogates included. */
function anyText(dice: Dice): string {
  return Array.from({ length: dice.below(20) }, () =>
    dice.chance(0.7) ? String.fromCharCode(32 + dice.below(95)) : String.fromCharCode(dice.below(0x10000)),
  ).join('');
}

/** A text into which something was written, out of which something was cut, or that was joined with another. */
export function garbled(text: string, dice: Dice): string {
  let bent = text;
  for (let times = 1 + dice.below(5); times > 0; times--) {
    const from = dice.below(bent.length + 1);
    const to = from + dice.below(dice.chance(0.8) ? 4 : 200);
    bent = dice.choose([
      () => bent.slice(0, from) + dice.pick(TOKENS) + bent.slice(from),
      () => bent.slice(0, from) + dice.pick(TOKENS) + bent.slice(to),
      () => bent.slice(0, from) + bent.slice(to),
      () => bent.slice(0, to) + bent.slice(from),
      () => bent.slice(0, from) + dice.pick(DOCUMENTED).slice(dice.below(300)),
    ]);
  }
  return bent;
}

function flipped(text: string, dice: Dice): Buffer {
  const bytes = Buffer.from(text);
  for (let times = 1 + dice.below(8); times > 0; times--) bytes[dice.below(bytes.length)] = dice.below(256);
  return bytes;
}

function anyBytes(dice: Dice): Buffer {
  return Buffer.from(Array.from({ length: dice.below(300) }, () => dice.below(256)));
}

/** Up to 2 MB of the same. */
function huge(dice: Dice): string {
  const token = dice.pick(TOKENS);
  return token.repeat(1 + dice.below(2 ** 21 / token.length));
}

/** The ways to make a body, and how often each is taken. */
export const WAYS: Readonly<
  Record<string, { readonly weight: number; readonly make: (dice: Dice) => string | Buffer }>
> = {
  event: { weight: 15, make: (dice) => JSON.stringify(freshEvent(dice)) },
  bentEvent: { weight: 30, make: bentEvent },
  garbledEvent: { weight: 20, make: (dice) => garbled(JSON.stringify(freshEvent(dice)), dice) },
  garbledPage: { weight: 5, make: (dice) => garbled(dice.pick(AS_PRINTED), dice) },
  flippedBytes: { weight: 10, make: (dice) => flipped(JSON.stringify(freshEvent(dice)), dice) },
  anyJson: { weight: 8, make: (dice) => JSON.stringify(anyJson(dice, 5)) },
  tokens: {
    weight: 5,
    make: (dice) => Array.from({ length: dice.below(40) }, () => dice.pick(TOKENS)).join(''),
  },
  anyBytes: { weight: 6.9, make: anyBytes },
  huge: { weight: 0.1, make: huge },
};
