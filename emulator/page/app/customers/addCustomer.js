/** @import { CustomerView } from '../../../src/world' */
import { useState } from 'preact/hooks';
import { useActions } from '../live/actions.js';
import { Assumption } from '../shared/assumption.js';
import { Choice, Field } from '../shared/field.js';
import { html } from '../shared/html.js';
import { CHANNEL_NAMES, isChannel } from './channels.js';

const NAMES = ['Alice', 'Bob', 'Chloé', 'Dmitri', 'Esther', 'Farid', 'Grace', 'Hiro'];

/** @param {{ customers: readonly CustomerView[] }} props */
export function AddCustomer({ customers }) {
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
    if (answer !== undefined) setName('');
  };
  /** @param {{ currentTarget: HTMLInputElement }} event */
  const take = ({ currentTarget }) => setName(currentTarget.value);

  return html`<form class="add-customer" aria-label="Add a customer" onSubmit=${add}>
    <${Field} label="Name" placeholder=${suggested} value=${name} autocomplete="off" onInput=${take} />
    <${Choice} label="Channel" value=${channel} options=${Object.entries(CHANNEL_NAMES)} onChoose=${setChannel} />
    <button type="submit">Add customer</button>
    ${channel !== 'FB' && html`<${Assumption} of="channel" />`}
  </form>`;
}
