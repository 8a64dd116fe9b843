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
 * @param {{ customers: readonly CustomerView[] }} props
 */
export function CustomersColumn({ customers }) {
  const [isOpen, setIsOpen] = useState(/** @type {Readonly<Record<string, boolean>>} */ ({}));
  const toggle = useCallback((/** @type {string} */ id, /** @type {boolean} */ open) => {
    setIsOpen((now) => ({ ...now, [id]: open }));
  }, []);
  return html`<h2>Customers</h2>
    <${AddCustomer} customers=${customers} />
    <div class="cards">
      ${customers.length === 0 && html`<p class="empty">Add a customer, and write to the bot as they would.</p>`}
      ${customers.map((customer, index) => html`<${CustomerCard} key=${customer.id} customer=${customer} isOpen=${isOpen[customer.id] ?? index < OPEN_AT_FIRST} onToggle=${toggle} />`)}
    </div>`;
}
