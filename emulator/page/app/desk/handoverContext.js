import { html } from '../shared/html.js';
import { prettyJson } from '../shared/prettyJson.js';

/**
 * What came with the handover: the bot's context and its summary of what was said, as the custom parameters that
 * they were sent in. It opens and folds by itself when `isOpen` changes, and by hand at any time.
 *
 * @param {{ params: Readonly<Record<string, string>>, isOpen: boolean }} props
 */
export function HandoverContext({ params, isOpen }) {
  const entries = Object.entries(params);
  if (entries.length === 0) return html`<p class="note">Nothing came with the handover.</p>`;
  return html`<details class="context" open=${isOpen}>
    <summary>What came with the handover</summary>
    <dl tabindex="0" role="group" aria-label="Custom parameters of the handover">
      ${entries.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${shown(name, value)}</dd></div>`)}
    </dl>
  </details>`;
}

/** @param {string} name @param {string} value */
function shown(name, value) {
  // A bare number or word is JSON too, and reads better as it is.
  const pretty = /^\s*[{[]/.test(value) ? prettyJson(value) : undefined;
  if (pretty === undefined) return html`<p class="summary-text">${value}</p>`;
  return html`<pre class="code" role="region" aria-label=${`${name} as JSON`}>${pretty}</pre>`;
}
