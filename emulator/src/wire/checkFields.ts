import { readBotStamp } from './stamps';

/** Between which times a stamp can be right, in milliseconds since the epoch. */
export interface PlausibleTimes {
  readonly earliest: number;
  readonly latest: number;
}

type Json = Readonly<Record<string, unknown>>;

/** What a POST is compared with. */
export interface PostRules {
  /** As sent. */
  readonly eventId: string | undefined;
  readonly closeEventId: string | undefined;
  readonly times: PlausibleTimes;
}

const HANDOVER = '1002';
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['1001', ['eventid', 'conversation_id', 'message', 'Messagetype', 'Timestamp']],
  [HANDOVER, ['eventid', 'conversation_id', 'Timestamp']],
]);
const CUSTOM_PARAM = /^customparam([1-9]\d*)$/;
/** What is wrong with the rest of a post that is all wrong helps nobody. */
const MAX_PROBLEMS = 20;
/** Names and values of the bot are shown so far. */
const MAX_SHOWN = 80;

/** Compares a POST of the bot with the reference, field by field. @returns What is wrong, in words. */
export function checkFields(json: Json, { eventId, closeEventId, times }: PostRules): readonly string[] {
  // Assumption: a close looks like a handover.
  const isClose = eventId !== undefined && eventId === closeEventId;
  const fields = FIELDS.get(isClose ? HANDOVER : (eventId ?? ''));
  if (fields === undefined) return [problemOfEventId(json)];
  return firstOf([
    ...fields.flatMap((name) => checkText(name, json[name])),
    ...checkStamp(json.Timestamp, times),
    ...Object.keys(json).flatMap((name) => checkName(name, json, fields)),
    ...checkNumbering(json),
  ]);
}

function firstOf(problems: readonly string[]): readonly string[] {
  const rest = problems.length - MAX_PROBLEMS;
  return rest > 0 ? [...problems.slice(0, MAX_PROBLEMS), `And ${rest} problems more.`] : problems;
}

function problemOfEventId({ eventid }: Json): string {
  if (eventid === undefined) return 'eventid is missing.';
  const shown = typeof eventid === 'string' ? quoted(eventid) : kindOf(eventid);
  return `eventid is ${shown}; the reference knows "1001" and "1002".`;
}

function checkText(name: string, value: unknown): readonly string[] {
  if (value === undefined) return [`${name} is missing.`];
  if (typeof value !== 'string') return [`${name} is ${kindOf(value)}; it has to be text.`];
  return value === '' ? [`${name} is empty.`] : [];
}

function checkStamp(value: unknown, times: PlausibleTimes): readonly string[] {
  if (typeof value !== 'string' || value === '') return [];
  const stamp = readBotStamp(value);
  if (stamp === undefined) {
    return [`Timestamp is ${quoted(value)}; it has to be YYYY-MM-DD hh:mm:ss.SSS.`];
  }
  if (stamp > times.latest) return [`Timestamp ${value} lies in the future; is it in GMT?`];
  if (stamp < times.earliest) return [`Timestamp ${value} lies far in the past; is it in GMT?`];
  return [];
}

function checkName(name: string, json: Json, fields: readonly string[]): readonly string[] {
  if (fields.includes(name)) return [];
  if (CUSTOM_PARAM.test(name)) return checkParam(name, json[name]);
  const meant = fields.find((field) => bare(field) === bare(name));
  const right = meant === undefined ? '' : `; ${meant} is`;
  return [`${cut(name)} is no field of ${String(json.eventid)}${right}.`];
}

/** Unlike the other fields, a parameter may be empty. */
function checkParam(name: string, value: unknown): readonly string[] {
  return typeof value === 'string' ? [] : [`${name} is ${kindOf(value)}; it has to be text.`];
}

/** The reference counts them from 1 to N. */
function checkNumbering(json: Json): readonly string[] {
  const numbers = Object.keys(json)
    .flatMap((name) => CUSTOM_PARAM.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other);
  const gap = numbers.find((number, index) => number !== index + 1);
  return gap === undefined ? [] : [`customparam${gap} is there, but customparam${gap - 1} is missing.`];
}

function quoted(text: string): string {
  return JSON.stringify(cut(text));
}

function cut(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function bare(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase();
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
}
