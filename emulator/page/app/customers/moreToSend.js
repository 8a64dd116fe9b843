/** @import { CustomerView } from '../../../src/world' */
import { useState } from 'preact/hooks';
import { useActions } from '../live/actions.js';
import { Assumption } from '../shared/assumption.js';
import { CopyButton } from '../shared/copyButton.js';
import { Choice, Field } from '../shared/field.js';
import { html } from '../shared/html.js';
import { MessageForm } from '../shared/messageForm.js';
import { useStored } from '../shared/stored.js';

/**
 * What a customer does less often: receipts, postbacks, media; and where the bot says what was said.
 *
 * @param {{ customer: CustomerView, transcriptUrl: string | undefined }} props
 */
export function MoreToSend({ customer, transcriptUrl }) {
  const { conversationId } = customer;
  return html`<div class="more-line">
    <details class="more">
      <summary>Receipt, postback, media</summary>
      <${Receipt} customer=${customer} />
      <${Postback} customer=${customer} />
      <${MediaForm} customer=${customer} />
      ${conversationId !== undefined && html`<p class="conversation-id"><span>Conversation <code>${conversationId}</code></span> <${CopyButton} label="Copy ID" text=${() => conversationId} /></p>`}
    </details>
    ${conversationId !== undefined && transcriptUrl !== undefined && html`<a class="transcript" href=${addressOf(transcriptUrl, conversationId)} target="_blank" rel="noopener noreferrer">Transcript<span class="visually-hidden"> of ${customer.name}, by the bot</span> ↗</a>`}
  </div>`;
}

/** @param {string} template @param {string} conversationId */
function addressOf(template, conversationId) {
  return template.replaceAll('{conversationId}', encodeURIComponent(conversationId));
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
    <${Choice} label="Mark what the bot said as" aside=${html`<${Assumption} of="receipt" />`} value=${receipt} options=${RECEIPTS} onChoose=${setReceipt} />
    <button type="submit">Mark</button>
  </form>`;
}

const FIRST_PAYLOADS = 'TRACK_ORDER';
const KEPT_PAYLOADS = 6;

/**
 * Buttons for the payloads that were tapped before, in this browser, and a line for another one.
 *
 * @param {{ customer: CustomerView }} props
 */
function Postback({ customer }) {
  const { customerTaps } = useActions();
  const [stored, setStored] = useStored('payloads', FIRST_PAYLOADS);
  const payloads = stored.split('\n').filter((payload) => payload !== '');
  const tap = async (/** @type {string} */ payload) => {
    const answer = await customerTaps(customer.id, payload);
    const isNew = answer !== undefined && !payloads.includes(payload);
    if (isNew) setStored([...payloads, payload].slice(-KEPT_PAYLOADS).join('\n'));
    return answer;
  };
  return html`<div class="postbacks">
    <div class="buttons" role="group" aria-label=${`Postback buttons of ${customer.name}`}>
      ${payloads.map((payload) => html`<button key=${payload} type="button" class="suggestion" onClick=${() => tap(payload)}>Tap ${payload}</button>`)}
    </div>
    <${MessageForm} label="Another postback payload" aside=${customer.channel !== 'FB' && html`<${Assumption} of="postback" />`} button="Tap" placeholder="TRACK_ORDER" onSend=${tap} />
  </div>`;
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
