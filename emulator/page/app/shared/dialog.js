import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { html } from './html.js';
import { Problems } from './problems.js';

/**
 * A modal dialog: the browser keeps the focus inside and closes it with Escape. It gives the focus back to what opened
 * it, for as long as that is still there.
 *
 * @param {{ title: string, kind?: 'box' | 'drawer', onClose: () => void, children?: unknown }} props
 */
export function Dialog({ title, kind = 'box', onClose, children }) {
  const ref = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const titleId = useId();

  useLayoutEffect(() => {
    const node = ref.current;
    const opener = document.activeElement;
    node?.showModal();
    return () => {
      // As long as it is open nothing outside takes the focus, and its `close` event comes after it has gone.
      ref.current = null;
      node?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  const closed = () => {
    if (ref.current !== null) onClose();
  };

  /** @param {MouseEvent} event */
  const closeFromOutside = (event) => {
    if (event.target === ref.current) onClose();
  };

  return html`<dialog ref=${ref} class=${kind} aria-labelledby=${titleId} onClose=${closed} onMouseDown=${closeFromOutside}>
    <div class="dialog-inside">
      <header class="dialog-head">
        <h2 id=${titleId}>${title}</h2>
        <button type="button" class="quiet" aria-label=${`Close: ${title}`} onClick=${onClose}>✕</button>
      </header>
      <${Problems} isInDialog />
      ${children}
    </div>
  </dialog>`;
}
