/** @import { CustomerView } from '../../../src/world' */
import { useCallback, useState } from 'preact/hooks';
import { html } from '../shared/html.js';
import { AddCustomer } from './addCustomer.js';
import { CustomerCard } from './customerCard.js';

/** So many chats fit beside each other in one column; later customers start folded. */
const OPEN_AT_FIRST = 3;

/**
 * The customers and their chats.
 *
 * @param {{ customers: readonly CustomerView[], transcriptUrl: string | undefined }} props
 */
export function CustomersColumn({ customers, transcriptUrl }) {
  const [isOpen, setIsOpen] = useState(/** @type {Readonly<Record<string, boolean>>} */ ({}));
  const toggle = useCallback((/** @type {string} */ id, /** @type {boolean} */ open) => {
    setIsOpen((now) => ({ ...now, [id]: open }));
  }, []);
  const [wanted, setWanted] = useState(/** @type {string | undefined} */ (undefined));
  const forget = useCallback(() => setWanted(undefined), []);
  const show = useCallback((/** @type {string} */ id) => {
    toggle(id, true);
    setWanted(id);
  }, []);
  return html`<${AddCustomer} customers=${customers} onAdded=${show} />
    <div class="cards">
      ${customers.length === 0 && html`<p class="empty">Add a customer, and write to the bot as they would.</p>`}
      ${customers.map((customer, index) => html`<${CustomerCard} key=${customer.id} customer=${customer} isOpen=${isOpen[customer.id] ?? index < OPEN_AT_FIRST} transcriptUrl=${transcriptUrl} isWanted=${customer.id === wanted} onReached=${forget} onToggle=${toggle} />`)}
    </div>`;
}
