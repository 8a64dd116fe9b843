/** @import { FaultEffect, FaultMatch, World } from '../../../src/world' */
/** @import { Direction, EffectKind } from './faultWords.js' */
import { useId, useState } from 'preact/hooks';
import { useActions } from '../live/actions.js';
import { Choice, Field } from '../shared/field.js';
import { html } from '../shared/html.js';
import { effectKind, effectsOf } from './faultWords.js';

/** @typedef {{ delaySeconds: string, status: string, retryAfter: string, copies: string, bytes: string, skewMinutes: string }} Numbers */
/** @typedef {{ event: string, conversationId: string, attempt: string, probability: string, times: string }} Match */

/** @type {Numbers} */
const FIRST_NUMBERS = {
  delaySeconds: '4',
  status: '503',
  retryAfter: '',
  copies: '1',
  bytes: '20',
  skewMinutes: '60',
};
/** @type {Match} */
const EVERYTHING = { event: '', conversationId: '', attempt: '', probability: '', times: '' };

/** @type {Readonly<Record<Direction, readonly string[]>>} */
const EVENTS = {
  toBot: ['Incoming message', 'FB POSTBACK', 'Message Delivery', 'Verify'],
  fromBot: ['1001', '1002'],
};

/** @param {{ customers: World['customers'] }} props */
export function FaultForm({ customers }) {
  const { addFault } = useActions();
  const [direction, setDirection] = useState(/** @type {Direction} */ ('toBot'));
  const [kind, setKind] = useState(/** @type {EffectKind} */ ('status'));
  const [numbers, setNumbers] = useState(FIRST_NUMBERS);
  const [match, setMatch] = useState(EVERYTHING);

  /** @param {Direction} chosen */
  const turn = (chosen) => {
    setDirection(chosen);
    setMatch({ ...match, event: '', attempt: '' });
  };
  /** @param {Event} event */
  const add = async (event) => {
    event.preventDefault();
    const answer = await addFault({ direction, match: matchOf(match), effect: effectOf(kind, numbers) });
    if (answer !== undefined) setMatch(EVERYTHING);
  };

  return html`<form class="stack" aria-labelledby="fault-form-title" onSubmit=${add}>
    <fieldset>
      <legend>Direction</legend>
      <label class="check"><input type="radio" name="direction" checked=${direction === 'toBot'} onChange=${() => turn('toBot')} /> To the bot</label>
      <label class="check"><input type="radio" name="direction" checked=${direction === 'fromBot'} onChange=${() => turn('fromBot')} /> From the bot</label>
    </fieldset>
    <fieldset>
      <legend>What goes wrong</legend>
      <${Choice} label="Effect" value=${kind} options=${effectsOf(direction)} onChoose=${(/** @type {string} */ name) => setKind((now) => effectKind(name) ?? now)} />
      <${EffectNumbers} kind=${kind} numbers=${numbers} onChange=${setNumbers} />
    </fieldset>
    <${MatchFields} direction=${direction} match=${match} customers=${customers} onChange=${setMatch} />
    <div class="buttons"><button type="submit" class="primary">Add fault</button></div>
  </form>`;
}

/**
 * The numbers that the effect needs.
 *
 * @param {{ kind: EffectKind, numbers: Numbers, onChange: (numbers: Numbers) => void }} props
 */
function EffectNumbers({ kind, numbers, onChange }) {
  /**
   * @param {keyof Numbers} name
   * @param {string} label
   * @param {Record<string, unknown>} limits
   */
  const field = (name, label, limits) =>
    html`<${Field} key=${name} label=${label} type="number" value=${numbers[name]} onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => onChange({ ...numbers, [name]: event.currentTarget.value })} ...${limits} />`;
  if (kind === 'answerLate') return field('delaySeconds', 'Seconds', { required: true, min: 0, step: 'any' });
  if (kind === 'duplicate') return field('copies', 'How many more', { required: true, min: 1, max: 100 });
  if (kind === 'truncate') return field('bytes', 'Bytes that are left', { required: true, min: 0 });
  if (kind === 'clockSkew')
    return field('skewMinutes', 'Minutes; negative for the past', { required: true, step: 'any' });
  if (kind !== 'status') return null;
  return html`<div class="field-row">
    ${field('status', 'Status', { required: true, min: 200, max: 599 })}
    ${field('retryAfter', 'Retry-After, in seconds (optional)', { min: 0 })}
  </div>`;
}

/**
 * @param {{ direction: Direction, match: Match, customers: World['customers'], onChange: (match: Match) => void }} props
 */
function MatchFields({ direction, match, customers, onChange }) {
  const listId = useId();
  /** @param {keyof Match} name */
  const taking = (name) => (/** @type {{ currentTarget: HTMLInputElement }} */ event) =>
    onChange({ ...match, [name]: event.currentTarget.value });
  /** @type {(readonly [string, string])[]} */
  const conversations = customers.flatMap(({ conversationId, name }) =>
    conversationId === undefined ? [] : [/** @type {const} */ ([conversationId, name])],
  );
  return html`<fieldset>
    <legend>For what</legend>
    <${Field} label=${direction === 'toBot' ? 'Event' : 'eventid'} placeholder="every one" list=${listId} value=${match.event} autocomplete="off" onInput=${taking('event')} />
    <datalist id=${listId}>${EVENTS[direction].map((name) => html`<option key=${name} value=${name}></option>`)}</datalist>
    <${Choice} label="Conversation" value=${match.conversationId} options=${[['', 'every one'], ...conversations]} onChoose=${(/** @type {string} */ conversationId) => onChange({ ...match, conversationId })} />
    <div class="field-row">
      ${direction === 'toBot' && html`<${Field} label="Attempt, 1 to 5" type="number" min="1" max="5" placeholder="every one" value=${match.attempt} onInput=${taking('attempt')} />`}
      <${Field} label="Probability, 0 to 1" type="number" min="0" max="1" step="any" placeholder="1" value=${match.probability} onInput=${taking('probability')} />
      <${Field} label="At most so often" type="number" min="1" placeholder="no limit" value=${match.times} onInput=${taking('times')} />
    </div>
  </fieldset>`;
}

/**
 * @param {EffectKind} kind
 * @param {Numbers} numbers
 * @returns {FaultEffect}
 */
function effectOf(kind, numbers) {
  if (kind === 'answerLate') return { kind, delayMs: Math.round(Number(numbers.delaySeconds) * 1000) };
  if (kind === 'duplicate') return { kind, copies: Number(numbers.copies) };
  if (kind === 'truncate') return { kind, bytes: Number(numbers.bytes) };
  if (kind === 'clockSkew') return { kind, skewMs: Math.round(Number(numbers.skewMinutes) * 60_000) };
  if (kind !== 'status') return { kind };
  const { status, retryAfter } = numbers;
  return {
    kind,
    status: Number(status),
    ...(retryAfter === '' ? {} : { retryAfterSeconds: Number(retryAfter) }),
  };
}

/**
 * @param {Match} match
 * @returns {FaultMatch}
 */
function matchOf({ event, conversationId, attempt, probability, times }) {
  return {
    ...(event.trim() === '' ? {} : { event: event.trim() }),
    ...(conversationId === '' ? {} : { conversationId }),
    ...(attempt === '' ? {} : { attempt: Number(attempt) }),
    ...(probability === '' ? {} : { probability: Number(probability) }),
    ...(times === '' ? {} : { times: Number(times) }),
  };
}
