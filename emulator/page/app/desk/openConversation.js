/** @import { AgentConversationView } from '../../../src/world' */
import { useId } from 'preact/hooks';
import { useActions } from '../live/actions.js';
import { Assumption } from '../shared/assumption.js';
import { ChatLog } from '../shared/chatLog.js';
import { html, memo } from '../shared/html.js';
import { MessageForm } from '../shared/messageForm.js';
import { HandoverContext } from './handoverContext.js';

export const OpenConversation = memo(
  /** @param {{ conversation: AgentConversationView, isWanted: boolean, onReached: () => void, onClose: (id: string) => void }} props */
  ({ conversation, isWanted, onReached, onClose }) => {
    const { agentSays, transfer } = useActions();
    const titleId = useId();
    const { id, customerName, chat } = conversation;
    const hasAnswered = chat.some(({ author }) => author === 'agent');
    return html`<article class="card conversation open" aria-labelledby=${titleId} data-conversation=${id}>
      <header class="card-head">
        <h4 id=${titleId}>${customerName}</h4>
        <span class="muted">served by ${conversation.agent ?? 'an agent'}</span>
        <button type="button" aria-label=${`Close the conversation with ${customerName}`} onClick=${() => onClose(id)}>Close</button>
      </header>
      <div class="card-body">
        <${HandoverContext} params=${conversation.customParams} isOpen=${!hasAnswered} />
        <${AgentChat} conversation=${conversation} />
        <${MessageForm} label=${`Answer to ${customerName}`} isLabelHidden button="Answer" placeholder="Write an answer" isWanted=${isWanted} onReached=${onReached} onSend=${(/** @type {string} */ text) => agentSays(id, text)} />
        <details class="more">
          <summary>Transfer</summary>
          <${MessageForm} label="To the agent" aside=${html`<${Assumption} of="transfer" />`} button="Transfer" placeholder="Ben" onSend=${(/** @type {string} */ agent) => transfer(id, agent)} />
        </details>
      </div>
    </article>`;
  },
);

export const ClosedConversation = memo(
  /** @param {{ conversation: AgentConversationView }} props */
  ({ conversation }) => {
    const titleId = useId();
    return html`<article class="card conversation" aria-labelledby=${titleId} data-conversation=${conversation.id}>
      <header class="card-head">
        <h4 id=${titleId}>${conversation.customerName}</h4>
        <span class="muted">served by ${conversation.agent ?? 'nobody'}</span>
      </header>
      <div class="card-body"><${AgentChat} conversation=${conversation} /></div>
    </article>`;
  },
);

/** @param {{ conversation: AgentConversationView }} props */
function AgentChat({ conversation }) {
  const { customerName, chat } = conversation;
  return html`<${ChatLog} label=${`Agent’s chat with ${customerName}`} messages=${chat} own="agent" customerName=${customerName} />`;
}
