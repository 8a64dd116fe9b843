/** @import { World } from '../../../src/world' */
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from './html.js';

const KEPT = 6;
const TOLD_ONE_BY_ONE = 4;

/**
 * Tells a screen reader what has come in: messages and the desk's queue politely, violations at once.
 *
 * @param {{ world: World }} props
 */
export function Announcer({ world }) {
  const seen = useRef(/** @type {World | undefined} */ (undefined));
  const count = useRef(0);
  const [polite, setPolite] = useState(/** @type {Said[]} */ ([]));
  const [urgent, setUrgent] = useState(/** @type {Said[]} */ ([]));

  useEffect(() => {
    const before = seen.current;
    seen.current = world;
    if (before === undefined) return;
    /** @param {readonly string[]} texts @returns {Said[]} */
    const number = (texts) =>
      texts.map((text) => {
        count.current += 1;
        return { id: count.current, text };
      });
    const news = [...newMessages(before, world), ...newInQueue(before, world)];
    if (news.length > 0) setPolite((said) => [...said, ...number(inFew(news))].slice(-KEPT));
    const violations = newViolations(before, world);
    if (violations.length > 0) setUrgent((said) => [...said, ...number(violations)].slice(-KEPT));
  }, [world]);

  return html`<div class="visually-hidden">
    <div role="status" aria-live="polite" data-announcer="polite">${polite.map(line)}</div>
    <div role="alert" data-announcer="urgent">${urgent.map(line)}</div>
  </div>`;
}

/** @typedef {{ id: number, text: string }} Said */

/** @param {Said} said */
function line({ id, text }) {
  return html`<p key=${id}>${text}</p>`;
}

/** @param {readonly string[]} news */
function inFew(news) {
  return news.length <= TOLD_ONE_BY_ONE ? news : [`${news.length} new messages`];
}

/** @param {World} before @param {World} now */
function newMessages(before, now) {
  const known = new Map(before.customers.map((customer) => [customer.id, customer]));
  return now.customers.flatMap((customer) => {
    const chat = known.get(customer.id)?.chat ?? [];
    if (chat === customer.chat) return [];
    const ids = new Set(chat.map((message) => message.id));
    return customer.chat
      .filter((message) => !ids.has(message.id))
      .filter((message) => message.author !== 'customer' || customer.holder === 'contactCentre')
      .map((message) =>
        message.author === 'customer'
          ? `${customer.name} says: ${message.text}`
          : `The ${message.author} to ${customer.name}: ${message.text}`,
      );
  });
}

/** @param {World} before @param {World} now */
function newInQueue(before, now) {
  const known = new Set(before.desk.map((conversation) => conversation.id));
  return now.desk
    .filter((conversation) => !known.has(conversation.id))
    .map((conversation) => `${conversation.customerName} waits for an agent`);
}

/** @param {World} before @param {World} now */
function newViolations(before, now) {
  const known = new Set(before.violations.map((violation) => violation.id));
  return now.violations
    .filter((violation) => !known.has(violation.id))
    .map((violation) => `Violation: ${violation.message}`);
}
