import { useEffect, useState } from 'preact/hooks';
import { useActions } from '../live/actions.js';
import { html } from './html.js';

const SAID_FOR_MS = 2000;

/**
 * @param {{ label: string, text: () => string }} props `text` is asked for only when it is wanted.
 */
export function CopyButton({ label, text }) {
  const { tellProblem } = useActions();
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setIsCopied(false), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setIsCopied(true);
    } catch {
      tellProblem('The browser does not let this page copy. Open the page at localhost or 127.0.0.1.');
    }
  };
  return html`<button type="button" onClick=${copy}>
    ${label}<span role="status" class="copied">${isCopied ? ' ✓ copied' : ''}</span>
  </button>`;
}
