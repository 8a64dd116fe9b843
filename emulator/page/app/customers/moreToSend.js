/** @import { CustomerView } from '../../../src/world' */
import { useState } from 'preact/hooks';
import { useActions } from '../live/actions.js';
import { Assumption } from '../shared/assumption.js';
import { Choice, Field } from '../shared/field.js';
import { html } from '../shared/html.js';
import { MessageForm } from '../shared/messageForm.js';

/**
 * What a customer does less often: receipts, postbacks, media.
 *
 * @param {{ customer: CustomerView }} props
 */
export function MoreToSend({ customer }) {
  const { customerTaps } = useActions();
  return html`<details class="more">
    <summary>Receipt, postback, media</summary>
    <${Receipt} customer=${customer} />
    <${MessageForm} label="Postback payload" aside=${customer.channel !== 'FB' && html`<${Assumption} of="postback" />`} button="Tap" placeholder="TRACK_ORDER" onSend=${(/** @type {string} */ payload) => customerTaps(customer.id, payload)} />
    <${MediaForm} customer=${customer} />
  </details>`;
}

/** @type {readonly (readonly [string, string])[]} */
const RECEIPTS = [
  ['Read', 'Read'],
  ['Delivered', 'Delivered'],
  ['Failed', 'Failed'],
];

/** @param {{ customer: CustomerView }} props */
function Receipt({ customer }) {
  const { customerAcknowledges } = useActions();
  const [receipt, setReceipt] = useState('Read');
  /** @param {Event} event */
  const send = (event) => {
    event.preventDefault();
    void customerAcknowledges(customer.id, receipt);
  };
  return html`<form class="message-form" onSubmit=${send}>
    <${Choice} label="Mark what the bot said as" value=${receipt} options=${RECEIPTS} onChoose=${setReceipt} />
    <button type="submit">Mark</button>
  </form>`;
}

/** @param {{ customer: CustomerView }} props */
function MediaForm({ customer }) {
  const { customerSends } = useActions();
  const [address, setAddress] = useState('');
  const [text, setText] = useState('');
  /** @param {Event} event */
  const send = async (event) => {
    event.preventDefault();
    const answer = await customerSends(customer.id, address.trim(), text.trim());
    if (answer === undefined) return;
    setAddress('');
    setText('');
  };
  return html`<form class="media-form" aria-label="Send media" onSubmit=${send}>
    <${Field} label="Media by URL" aside=${html`<${Assumption} of="media" />`} type="url" required placeholder="https://example.com/photo.jpg" value=${address} onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => setAddress(event.currentTarget.value)} />
    <div class="message-form">
      <${Field} label="Text with it, if any" value=${text} autocomplete="off" onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => setText(event.currentTarget.value)} />
      <button type="submit">Send media</button>
    </div>
  </form>`;
}
