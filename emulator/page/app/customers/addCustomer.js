/** @import { CustomerView } from '../../../src/world' */
import { useState } from 'preact/hooks';
import { useActions } from '../live/actions.js';
import { Assumption } from '../shared/assumption.js';
import { Choice, Field } from '../shared/field.js';
import { html } from '../shared/html.js';
import { CHANNEL_NAMES, isChannel } from './channels.js';

const NAMES = ['Alice', 'Bob', 'Chloé', 'Dmitri', 'Esther', 'Farid', 'Grace', 'Hiro'];

/**
 * The column's head: a customer is a name on a channel.
 *
 * @param {{ customers: readonly CustomerView[], onAdded: (id: string) => void }} props
 */
export function AddCustomer({ customers, onAdded }) {
  const { addCustomer } = useActions();
  const [name, setName] = useState('');
  const [channel, setChannel] = useState('FB');
  const suggested =
    NAMES.find((free) => customers.every((customer) => customer.name !== free)) ??
    `Customer ${customers.length + 1}`;

  /** @param {Event} event */
  const add = async (event) => {
    event.preventDefault();
    if (!isChannel(channel)) return;
    const answer = await addCustomer(name.trim() === '' ? suggested : name.trim(), channel);
    if (answer === undefined) return;
    setName('');
    if (typeof answer.id === 'string') onAdded(answer.id);
  };
  /** @param {{ currentTarget: HTMLInputElement }} event */
  const take = ({ currentTarget }) => setName(currentTarget.value);

  return html`<div class="title-line"><h2>Customers</h2>${channel !== 'FB' && html`<${Assumption} of="channel" />`}</div>
  <form class="add-customer" aria-label="Add a customer" onSubmit=${add}>
    <${Field} label="Name" isLabelHidden placeholder=${`Name: ${suggested}`} value=${name} autocomplete="off" onInput=${take} />
    <${Choice} label="Channel" isLabelHidden value=${channel} options=${Object.entries(CHANNEL_NAMES)} onChoose=${setChannel} />
    <button type="submit">Add customer</button>
  </form>`;
}
