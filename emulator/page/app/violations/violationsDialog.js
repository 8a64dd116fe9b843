/** @import { Violation, World } from '../../../src/world' */
import { useActions } from '../live/actions.js';
import { Dialog } from '../shared/dialog.js';
import { html } from '../shared/html.js';
import { timeWithHundredths } from '../shared/time.js';

/** @type {Readonly<Record<Violation['rule'], string>>} */
const RULES = {
  unanswered: 'Unanswered',
  outOfOrder: 'Out of order',
  doubled: 'Doubled',
  replyAfterHandover: 'Reply after handover',
  wrongConversation: 'Wrong conversation',
  tooSlow: 'Too slow',
  tokenMissing: 'Token missing',
  malformed: 'Malformed',
};

/**
 * What the bot has done wrong, with the way to what shows it.
 *
 * @param {{ world: World, onClose: () => void, onShow: (wireEntryId: string) => void }} props
 */
export function ViolationsDialog({ world, onClose, onShow }) {
  const { clearViolations } = useActions();
  const { violations, wire } = world;
  const kept = new Set(wire.map(({ id }) => id));
  return html`<${Dialog} title="Violations" kind="drawer" onClose=${onClose}>
    ${violations.length === 0 && html`<p class="empty">The bot has done nothing wrong.</p>`}
    <ol class="plain-list">
      ${violations.map(
        (violation) => html`<li key=${violation.id} class="card violation" data-violation=${violation.id}>
        <p><strong>${RULES[violation.rule]}</strong> <span class="muted">at ${timeWithHundredths(violation.at)}</span></p>
        <p>${violation.message}</p>
        ${violation.conversationId !== undefined && html`<p class="note">Conversation <code>${violation.conversationId}</code></p>`}
        <div class="buttons">
          ${violation.evidence
            .filter((id) => kept.has(id))
            .map(
              (id, index) =>
                html`<button key=${id} type="button" onClick=${() => onShow(id)}>Show on the wire${index > 0 && ` (${index + 1})`}</button>`,
            )}
        </div>
      </li>`,
      )}
    </ol>
    ${violations.length > 0 && html`<div class="buttons"><button type="button" onClick=${clearViolations}>Clear all</button></div>`}
  <//>`;
}
