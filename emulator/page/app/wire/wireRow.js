/** @import { IntegrationView, WireEntry } from '../../../src/world' */
import { useMemo } from 'preact/hooks';
import { html, memo } from '../shared/html.js';
import { timeWithHundredths } from '../shared/time.js';
import { excerptOf } from './excerpt.js';
import { WireDetails } from './wireDetails.js';
import { MOST_ATTEMPTS, nameOf, outcomeOf, stateOf, timeOf, tokenWords } from './wireWords.js';

/**
 * @param {{ entry: WireEntry, customer: string | undefined, isAgents: boolean, integration: IntegrationView | undefined, isTabStop: boolean, onToggle: (id: string) => void }} props
 *   `isAgents`: of an agent's conversation. `integration` only when the details are shown: its news must not draw
 *   every row again.
 */
function Row({ entry, customer, isAgents, integration, isTabStop, onToggle }) {
  const at = timeOf(entry);
  const excerpt = useMemo(() => excerptOf(entry.body), [entry.body]);
  const outcome = outcomeOf(entry);
  const detailsId = `wire-${entry.id}-details`;
  const isOpen = integration !== undefined;
  return html`<li class=${`wire-entry ${entry.kind}`}>
    <button type="button" class="wire-row" data-entry=${entry.id} tabindex=${isTabStop ? 0 : -1} aria-expanded=${isOpen} aria-controls=${detailsId} onClick=${() => onToggle(entry.id)}>
      <span class="wire-line">
        <span class="wire-time">${at === undefined ? '–' : timeWithHundredths(at)}</span>
        <span class="wire-direction">${entry.kind === 'toBot' ? '→ to the bot' : '← from the bot'}</span>
        <strong class="wire-name">${nameOf(entry)}</strong>
        <span class=${`chip ${outcome.mood}`}>${outcome.text}</span>
      </span>
      <span class="wire-line small">
        <span class="wire-said">
          ${customer !== undefined && html`<span class="wire-customer">${customer}</span>`}
          ${excerpt !== undefined && html` <q>${excerpt}</q>`}
        </span>
        <span class="wire-facts">
          ${isAgents && html`<span class="agent-text">mirrored</span>`}
          ${entry.kind === 'toBot' ? eventFacts(entry) : postFacts(entry)}
        </span>
      </span>
    </button>
    <div id=${detailsId} hidden=${!isOpen}>${integration !== undefined && html`<${WireDetails} entry=${entry} integration=${integration} />`}</div>
  </li>`;
}

export const WireRow = memo(Row);

/** @param {Extract<WireEntry, { kind: 'toBot' }>} entry */
function eventFacts(entry) {
  const last = entry.attempts.at(-1);
  const isOver = entry.state === 'answered';
  if (last === undefined)
    return html`${entry.dueAt !== undefined && html`<span>due at ${timeWithHundredths(entry.dueAt)}</span>`}`;
  return html`
    <span>${last.tookMs} ms</span>
    <span>attempt ${last.number} of ${MOST_ATTEMPTS}</span>
    <span class=${last.token === 'wrong' || last.token === 'missing' ? 'bad-text' : ''}>${tokenWords(last.token)}</span>
    ${!isOver && html`<span class=${entry.state === 'gaveUp' ? 'bad-text' : ''}>${stateOf(entry)}</span>`}
    ${last.problem !== undefined && html`<span class="bad-text">${last.problem}</span>`}
    ${last.fault !== undefined && html`<span class="fault-text">⚡ ${last.fault}</span>`}
  `;
}

/** @param {Extract<WireEntry, { kind: 'fromBot' }>} entry */
function postFacts(entry) {
  return html`
    <span>${entry.tookMs} ms</span>
    ${entry.isRepeat && html`<span>repeat</span>`}
    ${entry.problems.length > 0 && html`<span class="bad-text">${entry.problems.length === 1 ? entry.problems[0] : `${entry.problems.length} problems`}</span>`}
    ${entry.fault !== undefined && html`<span class="fault-text">⚡ ${entry.fault}</span>`}
  `;
}
