/** @import { FaultEffect, FaultMatch, FaultRule } from '../../../src/world' */
import { lengthOfTime } from '../shared/time.js';

/** @typedef {FaultRule['direction']} Direction */
/** @typedef {FaultEffect['kind']} EffectKind */

/**
 * What can go wrong, in words for each direction.
 *
 * @type {Readonly<Record<EffectKind, Readonly<Record<Direction, string>>>>}
 */
export const EFFECTS = {
  refuse: { toBot: 'Refuse the connection', fromBot: 'Close the connection without an answer' },
  timeOut: { toBot: 'Take the answer for one that never came', fromBot: 'Never answer' },
  answerLate: { toBot: 'Get the answer late', fromBot: 'Answer late' },
  status: { toBot: 'Answer it with a status, in the bot’s place', fromBot: 'Answer with a status' },
  resetAfterSend: { toBot: 'Reset after the bytes were sent', fromBot: 'Act on it, then reset' },
  duplicate: { toBot: 'Send more of the same', fromBot: 'Take it more than once' },
  reorder: { toBot: 'Hold it back until the next event was sent', fromBot: 'Act on it after the next one' },
  truncate: { toBot: 'Cut it off', fromBot: 'Cut the answer off' },
  clockSkew: { toBot: 'Stamp it with a wrong time', fromBot: 'Date the answer wrongly' },
};

/** @param {Direction} direction @returns {readonly (readonly [EffectKind, string])[]} */
export function effectsOf(direction) {
  return KINDS.map((kind) => [kind, EFFECTS[kind][direction]]);
}

/** @type {readonly EffectKind[]} */
const KINDS = [
  'refuse',
  'timeOut',
  'answerLate',
  'status',
  'resetAfterSend',
  'duplicate',
  'reorder',
  'truncate',
  'clockSkew',
];

/** @param {string} name @returns {EffectKind | undefined} */
export function effectKind(name) {
  return KINDS.find((kind) => kind === name);
}

/** @param {FaultRule} rule */
export function effectWords({ direction, effect }) {
  const words = EFFECTS[effect.kind][direction];
  const detail = detailOf(effect);
  return detail === '' ? words : `${words}: ${detail}`;
}

/** @param {FaultEffect} effect */
function detailOf(effect) {
  if (effect.kind === 'answerLate') return `after ${lengthOfTime(effect.delayMs)}`;
  if (effect.kind === 'duplicate') return `${effect.copies} more`;
  if (effect.kind === 'truncate') return `after ${effect.bytes} bytes`;
  if (effect.kind === 'clockSkew') return `off by ${effect.skewMs / 1000} s`;
  if (effect.kind !== 'status') return '';
  const retryAfter =
    effect.retryAfterSeconds === undefined ? '' : `, Retry-After ${effect.retryAfterSeconds} s`;
  return `${effect.status}${retryAfter}`;
}

/**
 * @param {FaultMatch} match
 * @param {ReadonlyMap<string, string>} customerNames by conversation ID
 */
export function matchWords({ event, customer, conversationId, attempt, probability, times }, customerNames) {
  const parts = [
    event === undefined ? 'every event' : `“${event}”`,
    customer === undefined ? undefined : `of ${customer}`,
    conversationId === undefined ? undefined : `of ${customerNames.get(conversationId) ?? conversationId}`,
    attempt === undefined ? undefined : `at attempt ${attempt}`,
    probability === undefined ? undefined : `with probability ${probability}`,
    times === undefined ? undefined : `at most ${times === 1 ? 'once' : `${times} times`}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
