/** @import { World } from '../../../src/world' */
import { useActions } from '../live/actions.js';
import { Dialog } from '../shared/dialog.js';
import { html } from '../shared/html.js';
import { FaultForm } from './faultForm.js';
import { effectWords, matchWords } from './faultWords.js';

/**
 * @param {{ world: World, onClose: () => void }} props
 */
export function FaultsDialog({ world, onClose }) {
  const { removeFault, clearFaults } = useActions();
  const { faults, customers } = world;
  const names = new Map(customers.map(({ conversationId, name }) => [conversationId ?? '', name]));
  return html`<${Dialog} title="Faults" kind="drawer" onClose=${onClose}>
    <section aria-labelledby="fault-list-title">
      <h3 id="fault-list-title">Being played <span class="count">${faults.length}</span></h3>
      ${faults.length === 0 && html`<p class="empty">Nothing goes wrong on purpose.</p>`}
      <ul class="plain-list">
        ${faults.map(
          (rule) => html`<li key=${rule.id} class="card fault" data-fault=${rule.id}>
          <p><strong>${effectWords(rule)}</strong></p>
          <p class="muted">${rule.direction === 'toBot' ? 'To the bot' : 'From the bot'}, ${matchWords(rule.match, names)}. Played so far: ${rule.played}.</p>
          <button type="button" aria-label=${`Remove: ${effectWords(rule)}`} onClick=${() => removeFault(rule.id)}>Remove</button>
        </li>`,
        )}
      </ul>
      ${faults.length > 1 && html`<button type="button" onClick=${clearFaults}>Remove all</button>`}
    </section>
    <section aria-labelledby="fault-form-title">
      <h3 id="fault-form-title">Add a fault</h3>
      <${FaultForm} customers=${customers} />
    </section>
  <//>`;
}
