/** @import { ChatMessage } from '../../../src/world' */
import { html, memo } from './html.js';
import { useTail } from './tail.js';
import { timeOfDay } from './time.js';

const DRAWN = 60;

/**
 * What was said, newest at the bottom. `own` is who sits in front of this log: their bubbles stand on the right.
 *
 * @param {{ label: string, messages: readonly ChatMessage[], own: ChatMessage['author'], customerName: string }} props
 */
function Log({ label, messages, own, customerName }) {
  const tail = useTail(messages, DRAWN);
  return html`<div class="chat-log">
    <div ref=${tail.box} class="chat-scroll" role="log" aria-live="off" aria-label=${label} tabindex="0" onScroll=${tail.measure}>
      ${tail.hiddenBefore > 0 && html`<button type="button" class="quiet earlier" onClick=${tail.showEarlier}>Show earlier messages</button>`}
      ${messages.length === 0 && html`<p class="empty">Nothing was said yet.</p>`}
      <ul class="bubbles">
        ${tail.shown.map((message) => html`<${Bubble} key=${message.id} message=${message} name=${nameOf(message, customerName)} isOwn=${message.author === own} />`)}
      </ul>
    </div>
    ${tail.newBelow > 0 && html`<button type="button" class="to-the-end" onClick=${tail.scrollToEnd}>${tail.newBelow} new ↓</button>`}
  </div>`;
}

export const ChatLog = memo(Log);

/** @param {ChatMessage} message @param {string} customerName */
function nameOf({ author, agent }, customerName) {
  if (author === 'customer') return customerName;
  return author === 'bot' ? 'Bot' : (agent ?? 'Agent');
}

const Bubble = memo(
  /** @param {{ message: ChatMessage, name: string, isOwn: boolean }} props */
  ({
    message,
    name,
    isOwn,
  }) => html`<li class=${`bubble ${message.author} ${isOwn ? 'own' : ''}`} data-message=${message.id}>
    <p class="bubble-head"><span class="author">${name}</span> <time dateTime=${new Date(message.at).toISOString()}>${timeOfDay(message.at)}</time></p>
    ${message.text !== '' && html`<p class="bubble-text">${message.text}</p>`}
    ${message.postback !== undefined && html`<p class="bubble-extra">Tapped <code>${message.postback}</code></p>`}
    ${message.media !== undefined && html`<p class="bubble-extra">Media: <${MediaLink} address=${message.media} /></p>`}
    ${message.receipt !== 'none' && html`<p class=${`receipt ${message.receipt}`}><span aria-hidden="true">${RECEIPT_SIGNS[message.receipt]}</span> ${message.receipt}</p>`}
  </li>`,
);

const RECEIPT_SIGNS = { Delivered: '✓', Read: '✓✓', Failed: '✕' };

/**
 * The page asks nobody but its own server for anything, so media is a link and no picture.
 *
 * @param {{ address: string }} props
 */
function MediaLink({ address }) {
  if (!/^https?:\/\//i.test(address)) return html`<span>${address}</span>`;
  return html`<a href=${address} target="_blank" rel="noopener noreferrer">${address}</a>`;
}
