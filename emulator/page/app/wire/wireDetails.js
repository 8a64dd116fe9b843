/** @import { Attempt, EventToBot, IntegrationView, PostFromBot, WireEntry } from '../../../src/world' */
import { useActions } from '../live/actions.js';
import { Assumption } from '../shared/assumption.js';
import { CopyButton } from '../shared/copyButton.js';
import { html } from '../shared/html.js';
import { prettyJson } from '../shared/prettyJson.js';
import { timeWithHundredths } from '../shared/time.js';
import { asCurl, asFixture } from './curl.js';
import { MOST_ATTEMPTS, NO_ANSWER, stateOf, tokenWords } from './wireWords.js';

/** @param {{ entry: WireEntry, integration: IntegrationView }} props */
export function WireDetails({ entry, integration }) {
  const { resend } = useActions();
  return html`<div class="wire-details">
    <div class="buttons">
      <${CopyButton} label="Copy as curl" text=${() => asCurl(entry, integration)} />
      <${CopyButton} label="Copy as test fixture" text=${() => asFixture(entry)} />
      ${canBeSentAgain(entry) && html`<button type="button" onClick=${() => resend(entry.id)}>Resend</button>`}
    </div>
    <p class="note">Conversation <code>${entry.conversationId ?? 'none'}</code></p>
    <${Body} title="Body" text=${entry.body} />
    ${entry.kind === 'toBot' ? html`<${EventDetails} entry=${entry} />` : html`<${PostDetails} entry=${entry} />`}
  </div>`;
}

/** *Verify* has a button of its own. @param {WireEntry} entry */
function canBeSentAgain(entry) {
  return entry.kind === 'fromBot' || entry.event !== 'Verify';
}

/** @param {{ title: string, text: string }} props */
function Body({ title, text }) {
  const pretty = prettyJson(text);
  return html`<h3>${title}${pretty === undefined && text !== '' && html` <span class="note">not JSON</span>`}</h3>
    ${text === '' ? html`<p class="empty">Empty.</p>` : html`<pre class="code" tabindex="0" role="region" aria-label=${title}>${pretty ?? text}</pre>`}`;
}

/** @param {{ entry: EventToBot }} props */
function EventDetails({ entry }) {
  return html`<h3>Attempts</h3>
    <p class="note">Now: ${stateOf(entry)}${entry.dueAt !== undefined && `, the next at ${timeWithHundredths(entry.dueAt)}`}</p>
    <p class="note">The times between <${Assumption} of="retries" /> · the token’s place <${Assumption} of="token" /></p>
    ${entry.event === 'Verify' && html`<p class="note">The call itself <${Assumption} of="verify" /></p>`}
    <ol class="attempts">${entry.attempts.map((attempt) => html`<${AttemptDetails} key=${attempt.number} attempt=${attempt} />`)}</ol>`;
}

/** @param {{ attempt: Attempt }} props */
function AttemptDetails({ attempt }) {
  return html`<li>
    <p>
      <strong>Attempt ${attempt.number} of ${MOST_ATTEMPTS}</strong> at ${timeWithHundredths(attempt.at)}, ${attempt.tookMs} ms,
      ${attempt.status === undefined ? ' no answer' : ` status ${attempt.status}`}, ${tokenWords(attempt.token)}
    </p>
    ${attempt.problem !== undefined && html`<p class="bad-text">${attempt.problem}</p>`}
    ${attempt.fault !== undefined && html`<p class="fault-text">⚡ Fault played: ${attempt.fault}</p>`}
    <${Body} title=${`Answer to attempt ${attempt.number}`} text=${attempt.answer} />
  </li>`;
}

/** @param {{ entry: PostFromBot }} props */
function PostDetails({ entry }) {
  return html`
    ${entry.isRepeat && html`<p class="note">A repeat: the same Idempotency-Key was seen before. The platform acts on it again <${Assumption} of="repeat" /></p>`}
    ${
      entry.problems.length > 0 &&
      html`<h3>Problems</h3>
      <ul class="problems">${entry.problems.map((problem) => html`<li key=${problem} class="bad-text">${problem}</li>`)}</ul>`
    }
    ${entry.fault !== undefined && html`<p class="fault-text">⚡ Fault played: ${entry.fault}</p>`}
    <p class="note">${entry.status === NO_ANSWER ? 'Not answered' : `Answered ${entry.status} within ${entry.tookMs} ms`} <${Assumption} of="webhookAnswer" /></p>
    <details>
      <summary>Headers</summary>
      <dl class="headers">${Object.entries(entry.headers).map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    </details>`;
}
