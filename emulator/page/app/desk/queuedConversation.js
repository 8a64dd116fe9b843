/** @import { AgentConversationView } from '../../../src/world' */
import { useId } from 'preact/hooks';
import { useActions } from '../live/actions.js';
import { useNow } from '../live/clock.js';
import { html, memo } from '../shared/html.js';
import { lengthOfTime } from '../shared/time.js';
import { HandoverContext } from './handoverContext.js';

export const QueuedConversation = memo(
  /** @param {{ conversation: AgentConversationView, agent: string }} props */
  ({ conversation, agent }) => {
    const { pickUp } = useActions();
    const titleId = useId();
    return html`<article class="card queued" aria-labelledby=${titleId} data-conversation=${conversation.id}>
      <header class="card-head">
        <h4 id=${titleId}>${conversation.customerName}</h4>
        <${Waiting} since=${conversation.queuedAt} />
        <button type="button" class="primary" aria-label=${`Pick up ${conversation.customerName}`} onClick=${() => pickUp(conversation.id, agent)}>Pick up</button>
      </header>
      <${HandoverContext} params=${conversation.customParams} isOpen=${false} />
    </article>`;
  },
);

/** @param {{ since: number }} props */
function Waiting({ since }) {
  const now = useNow();
  return html`<span class="muted">waits ${lengthOfTime(now - since)}</span>`;
}
