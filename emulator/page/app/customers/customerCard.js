/** @import { CustomerView } from '../../../src/world' */
import { useId } from 'preact/hooks';
import { useActions } from '../live/actions.js';
import { Assumption } from '../shared/assumption.js';
import { ChatLog } from '../shared/chatLog.js';
import { html, memo } from '../shared/html.js';
import { MessageForm } from '../shared/messageForm.js';
import { CHANNEL_NAMES } from './channels.js';
import { MoreToSend } from './moreToSend.js';

/**
 * One customer: who gets the next message, the chat, and all that a customer can do.
 *
 * @param {{ customer: CustomerView, isOpen: boolean, onToggle: (id: string, open: boolean) => void } & ChatProps} props
 */
function Card({ customer, isOpen, onToggle, ...chat }) {
  const titleId = useId();
  const bodyId = useId();
  return html`<article class=${`card customer ${isOpen ? 'open' : ''}`} aria-labelledby=${titleId} data-customer=${customer.name}>
    <header class="card-head">
      <h3 id=${titleId}>
        <button type="button" class="fold" aria-expanded=${isOpen} aria-controls=${bodyId} onClick=${() => onToggle(customer.id, !isOpen)}>
          <span class="fold-sign" aria-hidden="true">${isOpen ? '▾' : '▸'}</span> ${customer.name}
        </button>
      </h3>
      <span class="muted" title=${customer.userId}>${CHANNEL_NAMES[customer.channel]}</span>
      <${Holder} holder=${customer.holder} />
    </header>
    <div id=${bodyId} class="card-body" hidden=${!isOpen}>${isOpen && html`<${Chat} customer=${customer} ...${chat} />`}</div>
  </article>`;
}

export const CustomerCard = memo(Card);

/** @param {{ holder: CustomerView['holder'] }} props */
function Holder({ holder }) {
  return holder === 'bot'
    ? html`<span class="chip bot-holds">with the bot</span>`
    : html`<span class="chip agent-holds">with the contact centre</span>`;
}

/** @typedef {{ transcriptUrl: string | undefined, isWanted: boolean, onReached: () => void }} ChatProps */

/** @param {{ customer: CustomerView } & ChatProps} props */
function Chat({ customer, transcriptUrl, isWanted, onReached }) {
  const { customerSays } = useActions();
  return html`<${ChatLog} label=${`Chat of ${customer.name}`} messages=${customer.chat} own="customer" customerName=${customer.name} />
    ${customer.suggestions.length > 0 && html`<${Suggestions} customer=${customer} />`}
    <${MessageForm} label=${`Message from ${customer.name}`} isLabelHidden button="Send" placeholder="Write a message" isWanted=${isWanted} onReached=${onReached} onSend=${(/** @type {string} */ text) => customerSays(customer.id, text)} />
    <${MoreToSend} customer=${customer} transcriptUrl=${transcriptUrl} />`;
}

/** @param {{ customer: CustomerView }} props */
function Suggestions({ customer }) {
  const { customerSays } = useActions();
  return html`<div class="suggestions" role="group" aria-label=${`Choices for ${customer.name}`}>
    ${customer.suggestions.map((choice) => html`<button key=${choice} type="button" class="suggestion" onClick=${() => customerSays(customer.id, choice)}>${choice}</button>`)}
    <${Assumption} of="suggestions" />
  </div>`;
}
