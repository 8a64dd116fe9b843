import { html } from './html.js';

/**
 * The tabs of a phone, moved through by the arrow keys.
 *
 * @template {string} N
 * @param {{ tabs: readonly { name: N, label: unknown }[], chosen: N, onChoose: (name: N) => void }} props
 */
export function Tabs({ tabs, chosen, onChoose }) {
  /** @param {KeyboardEvent & { currentTarget: HTMLElement }} event */
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = tabs.findIndex(({ name }) => name === chosen);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    onChoose(next.name);
    const button = event.currentTarget.querySelector(`#tab-${next.name}`);
    if (button instanceof HTMLElement) button.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label="Parts of the page" onKeyDown=${move}>
    ${tabs.map(({ name, label }) => html`<button key=${name} type="button" role="tab" id=${`tab-${name}`} aria-controls=${`panel-${name}`} aria-selected=${name === chosen} tabindex=${name === chosen ? 0 : -1} onClick=${() => onChoose(name)}>${label}</button>`)}
  </div>`;
}
