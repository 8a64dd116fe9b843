import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { html } from './html.js';

/** @typedef {{ id: number, text: string }} Problem */

/** What could not be done, until the user has seen it. */
export const ProblemsContext = createContext(
  /** @type {{ problems: readonly Problem[], dismiss: (id: number) => void }} */ ({
    problems: [],
    dismiss: () => undefined,
  }),
);

/**
 * An open dialog shows them inside: whatever is outside can neither be heard nor pressed as long as it is open.
 *
 * @param {{ isInDialog?: boolean }} props
 */
export function Problems({ isInDialog = false }) {
  const { problems, dismiss } = useContext(ProblemsContext);
  return html`<div class=${`problems-box ${isInDialog ? 'in-dialog' : ''}`} role="alert">
    ${problems.map(({ id, text }) => html`<p key=${id} class="notice bad"><span>${text}</span> <button type="button" class="quiet" aria-label="Dismiss" onClick=${() => dismiss(id)}>✕</button></p>`)}
  </div>`;
}
