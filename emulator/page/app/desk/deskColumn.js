/** @import { AgentConversationView } from '../../../src/world' */
import { useCallback, useRef, useState } from 'preact/hooks';
import { useActions } from '../live/actions.js';
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
  const { pickUp, closeConversation } = useActions();
  const [agent, setAgent] = useStored('agent', 'Ava');
  const [wanted, setWanted] = useState(/** @type {string | undefined} */ (undefined));
  const title = useRef(/** @type {HTMLHeadingElement | null} */ (null));
  const queued = desk.filter((conversation) => conversation.status === 'queued');
  const open = desk.filter((conversation) => conversation.status === 'open');
  const closed = desk.filter((conversation) => conversation.status === 'closed');

  // The button that was pressed goes away each time: the focus must not go with it.
  const forget = useCallback(() => setWanted(undefined), []);
  const take = async (/** @type {string} */ id) => {
    setWanted(id);
    if ((await pickUp(id, agent.trim())) === undefined) forget();
  };
  const close = useCallback(async (/** @type {string} */ id) => {
    if ((await closeConversation(id)) !== undefined) title.current?.focus();
  }, []);

  return html`<div class="title-line"><h2 ref=${title} tabindex="-1">Agent’s desk</h2><${Assumption} of="agentEvents" /></div>
    <${Field} label="You are the agent" isInline value=${agent} autocomplete="off" onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => setAgent(event.currentTarget.value)} />
    <div class="cards">
      <section aria-labelledby="queue-title" class="desk-part">
        <h3 id="queue-title">Queue <span class="count">${queued.length}</span></h3>
        ${queued.length === 0 && html`<p class="empty">Nobody waits.${desk.length === 0 && ' Whoever the bot hands over comes here, with what the bot says about it.'}</p>`}
        ${queued.map((conversation) => html`<${QueuedConversation} key=${conversation.id} conversation=${conversation} onPickUp=${take} />`)}
      </section>
      <section aria-labelledby="open-title" class="desk-part grows">
        <h3 id="open-title">Open <span class="count">${open.length}</span></h3>
        ${open.length === 0 && html`<p class="empty">No conversation is open.</p>`}
        ${open.map((conversation) => html`<${OpenConversation} key=${conversation.id} conversation=${conversation} isWanted=${conversation.id === wanted} onReached=${forget} onClose=${close} />`)}
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
