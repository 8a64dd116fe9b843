import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Field } from './field.js';
import { html } from './html.js';

/**
 * One line of text and a button that sends it. The line is emptied at once, for the answer may take seconds, and
 * filled again when it could not be sent.
 *
 * @param {{ label: string, aside?: unknown, button: string, type?: string, placeholder?: string, isLabelHidden?: boolean, isWanted?: boolean, onReached?: () => void, onSend: (text: string) => Promise<unknown> }} props
 *   `isWanted`: takes the focus, and says so through `onReached`.
 */
export function MessageForm({
  label,
  aside,
  button,
  type = 'text',
  placeholder,
  isLabelHidden = false,
  isWanted = false,
  onReached,
  onSend,
}) {
  const [text, setText] = useState('');
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));

  useLayoutEffect(() => {
    if (!isWanted) return;
    form.current?.querySelector('input')?.focus();
    onReached?.();
  }, [isWanted]);

  /** @param {Event} event */
  const send = async (event) => {
    event.preventDefault();
    const said = text.trim();
    if (said === '') {
      form.current?.querySelector('input')?.focus();
      return;
    }
    setText('');
    const answer = await onSend(said);
    if (answer === undefined) setText((typed) => (typed === '' ? said : typed));
  };
  /** @param {{ currentTarget: HTMLInputElement }} event */
  const take = ({ currentTarget }) => setText(currentTarget.value);

  return html`<form ref=${form} class="message-form" onSubmit=${send}>
    <${Field} label=${label} aside=${aside} isLabelHidden=${isLabelHidden} type=${type} placeholder=${placeholder} value=${text} autocomplete="off" onInput=${take} />
    <button type="submit" class="primary">${button}</button>
  </form>`;
}
