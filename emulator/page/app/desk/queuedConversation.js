/** @import { AgentConversationView } from '../../../src/world' */
import { useId } from 'preact/hooks';
import { useNow } from '../live/clock.js';
import { html } from '../shared/html.js';
import { lengthOfTime } from '../shared/time.js';
import { HandoverContext } from './handoverContext.js';

/** @param {{ conversation: AgentConversationView, onPickUp: (id: string) => void }} props */
export function QueuedConversation({ conversation, onPickUp }) {
  const titleId = useId();
  return html`<article class="card queued" aria-labelledby=${titleId} data-conversation=${conversation.id}>
    <header class="card-head">
      <h4 id=${titleId}>${conversation.customerName}</h4>
      <${Waiting} since=${conversation.queuedAt} />
      <button type="button" class="primary" aria-label=${`Pick up ${conversation.customerName}`} onClick=${() => onPickUp(conversation.id)}>Pick up</button>
    </header>
    <${HandoverContext} params=${conversation.customParams} isOpen=${false} />
  </article>`;
}

/** @param {{ since: number }} props */
function Waiting({ since }) {
  const now = useNow();
  return html`<span class="muted">waits ${lengthOfTime(now - since)}</span>`;
}
