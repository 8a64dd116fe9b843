/** @import { IntegrationView } from '../../../src/world' */
import { useState } from 'preact/hooks';
import { useActions } from '../live/actions.js';
import { Assumption } from '../shared/assumption.js';
import { html } from '../shared/html.js';

const MOST_FAILURES = 5;

/** @type {Readonly<Record<IntegrationView['status'], { text: string, mood: string }>>} */
const STATUSES = {
  active: { text: '● active', mood: 'good' },
  unverified: { text: '○ not verified', mood: 'warning' },
  inactive: { text: '✕ inactive', mood: 'bad' },
};

/** Active still, but on the way to become inactive. */
const FAILING = { text: '● failing', mood: 'warning' };

/**
 * @param {{ integration: IntegrationView }} props
 */
export function IntegrationHealth({ integration }) {
  const { name, status, consecutiveFailures } = integration;
  const { text, mood } = status === 'active' && consecutiveFailures > 0 ? FAILING : STATUSES[status];
  return html`<section class="bar-group" aria-label="Integration">
    <span class="integration-name" title=${integration.botUrl}>${name}</span>
    <span class=${`chip ${mood}`} data-status=${status}>${text}</span>
    <${FailureDots} failures=${consecutiveFailures} />
  </section>`;
}

/** @param {{ onEdit: () => void }} props */
export function IntegrationButtons({ onEdit }) {
  return html`<div class="bar-group">
    <${VerifyButton} />
    <button type="button" onClick=${onEdit}>Edit…</button>
    <${Assumption} of="verify" />
  </div>`;
}

/** @param {{ failures: number }} props */
function FailureDots({ failures }) {
  const words = `${failures} of ${MOST_FAILURES} failures in a row`;
  const dots = Array.from({ length: MOST_FAILURES }, (_, index) => index < failures);
  return html`<span class="failures" role="img" aria-label=${words} title=${words}>
    ${dots.map((isFailed, index) => html`<span key=${index} class=${`dot ${isFailed ? 'failed' : ''}`}></span>`)}
    <span class="failures-count" aria-hidden="true">${failures}/${MOST_FAILURES}<span class="failures-word"> failures</span></span>
  </span>`;
}

export function VerifyButton() {
  const { verify } = useActions();
  const [isUnderWay, setIsUnderWay] = useState(false);
  const press = async () => {
    if (isUnderWay) return;
    setIsUnderWay(true);
    await verify();
    setIsUnderWay(false);
  };
  return html`<button type="button" aria-disabled=${isUnderWay} onClick=${press}>${isUnderWay ? 'Verifying…' : 'Verify'}</button>`;
}

/**
 * What keeps events from the bot, in full width: it must not be overlooked.
 *
 * @param {{ integration: IntegrationView, onEdit: () => void }} props
 */
export function IntegrationNotice({ integration, onEdit }) {
  const { status, lastVerifyProblem } = integration;
  const hasNotice = status !== 'active' || lastVerifyProblem !== undefined;
  return html`<div role="status" class="notices">
    ${
      hasNotice &&
      html`<div class=${`notice ${status === 'inactive' ? 'bad' : 'warning'}`}>
        <p>${noticeOf(integration)}${status === 'inactive' && html` <${Assumption} of="held" />`}</p>
        <div class="buttons">
          <button type="button" onClick=${onEdit}>Edit the integration…</button>
          <${VerifyButton} />
        </div>
      </div>`
    }
  </div>`;
}

/** @param {IntegrationView} integration */
function noticeOf({ status, botUrl, lastVerifyProblem }) {
  const problem = lastVerifyProblem === undefined ? '' : ` The last Verify failed: ${lastVerifyProblem}`;
  if (status === 'inactive')
    return `Five failures in a row have made the webhook inactive: the bot gets nothing until the integration is edited and verified again.${problem}`;
  if (botUrl === '') return 'The integration has no bot yet: edit it, then verify it.';
  if (status === 'unverified') return `The webhook is not verified yet.${problem}`;
  return problem.trim();
}
