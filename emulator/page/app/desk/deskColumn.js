/** @import { AgentConversationView } from '../../../src/world' */
import { Assumption } from '../shared/assumption.js';
import { Field } from '../shared/field.js';
import { html } from '../shared/html.js';
import { useStored } from '../shared/stored.js';
import { ClosedConversation, OpenConversation } from './openConversation.js';
import { QueuedConversation } from './queuedConversation.js';

/**
 * The agent's desk: who waits, who is being served, who was.
 *
 * @param {{ desk: readonly AgentConversationView[] }} props
 */
export function DeskColumn({ desk }) {
  const [agent, setAgent] = useStored('agent', 'Ava');
  const queued = desk.filter((conversation) => conversation.status === 'queued');
  const open = desk.filter((conversation) => conversation.status === 'open');
  const closed = desk.filter((conversation) => conversation.status === 'closed');

  return html`<div class="title-line"><h2>Agent’s desk</h2><${Assumption} of="agentEvents" /></div>
    <${Field} label="You are the agent" value=${agent} autocomplete="off" onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => setAgent(event.currentTarget.value)} />
    <div class="cards">
      <section aria-labelledby="queue-title" class="desk-part">
        <h3 id="queue-title">Queue <span class="count">${queued.length}</span></h3>
        ${queued.length === 0 && html`<p class="empty">Nobody waits.</p>`}
        ${queued.map((conversation) => html`<${QueuedConversation} key=${conversation.id} conversation=${conversation} agent=${agent.trim()} />`)}
      </section>
      <section aria-labelledby="open-title" class="desk-part grows">
        <h3 id="open-title">Open <span class="count">${open.length}</span></h3>
        ${open.length === 0 && html`<p class="empty">No conversation is open.</p>`}
        ${open.map((conversation) => html`<${OpenConversation} key=${conversation.id} conversation=${conversation} />`)}
      </section>
      ${
        closed.length > 0 &&
        html`<details class="desk-part">
          <summary>Closed <span class="count">${closed.length}</span></summary>
          ${closed.map((conversation) => html`<${ClosedConversation} key=${conversation.id} conversation=${conversation} />`)}
        </details>`
      }
    </div>`;
}
