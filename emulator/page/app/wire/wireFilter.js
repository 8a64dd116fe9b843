/** @import { WireEntry, World } from '../../../src/world' */
import { Choice } from '../shared/field.js';
import { html } from '../shared/html.js';
import { hasTrouble } from './wireWords.js';

/** @typedef {{ customer: string, direction: string, isTroubleOnly: boolean }} Filter */

/** @type {Filter} */
export const NO_FILTER = { customer: '', direction: '', isTroubleOnly: false };

/**
 * @param {readonly WireEntry[]} entries
 * @param {Filter} filter
 * @param {ReadonlyMap<string, string>} customerOf
 */
export function filtered(entries, { customer, direction, isTroubleOnly }, customerOf) {
  if (customer === '' && direction === '' && !isTroubleOnly) return entries;
  return entries.filter(
    (entry) =>
      (direction === '' || entry.kind === direction) &&
      (customer === '' || customerOf.get(entry.conversationId ?? '') === customer) &&
      (!isTroubleOnly || hasTrouble(entry)),
  );
}

/**
 * The customer's id by the ID of each conversation, the agents' among them.
 *
 * @param {World['customers']} customers
 * @param {World['desk']} desk
 * @returns {ReadonlyMap<string, string>}
 */
export function customersByConversation(customers, desk) {
  /** @type {Map<string, string>} */
  const byConversation = new Map();
  for (const { id, conversationId } of customers) {
    if (conversationId !== undefined) byConversation.set(conversationId, id);
  }
  for (const { id, customerId } of desk) byConversation.set(id, customerId);
  return byConversation;
}

/** @type {readonly (readonly [string, string])[]} */
const DIRECTIONS = [
  ['', 'Both directions'],
  ['toBot', 'To the bot'],
  ['fromBot', 'From the bot'],
];

/**
 * @param {{ filter: Filter, customers: World['customers'], onFilter: (filter: Filter) => void }} props
 */
export function WireFilter({ filter, customers, onFilter }) {
  /** @type {readonly (readonly [string, string])[]} */
  const names = [
    ['', 'All customers'],
    ...customers.map(({ id, name }) => /** @type {[string, string]} */ ([id, name])),
  ];
  return html`<div class="wire-filter" role="group" aria-label="Filter the wire">
    <${Choice} label="Customer" isLabelHidden value=${filter.customer} options=${names} onChoose=${(/** @type {string} */ customer) => onFilter({ ...filter, customer })} />
    <${Choice} label="Direction" isLabelHidden value=${filter.direction} options=${DIRECTIONS} onChoose=${(/** @type {string} */ direction) => onFilter({ ...filter, direction })} />
    <label class="check"><input type="checkbox" checked=${filter.isTroubleOnly} onChange=${() => onFilter({ ...filter, isTroubleOnly: !filter.isTroubleOnly })} /> Only with problems</label>
  </div>`;
}
