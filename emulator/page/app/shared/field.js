import { useId } from 'preact/hooks';
import { html } from './html.js';

/**
 * A labelled control; every further prop goes to the control itself.
 *
 * @param {{ label: unknown, aside?: unknown, note?: unknown, isLabelHidden?: boolean, isInline?: boolean, control?: 'input' | 'textarea' | 'select', children?: unknown, [name: string]: unknown }} props
 */
export function Field({
  label,
  aside,
  note,
  isLabelHidden = false,
  isInline = false,
  control = 'input',
  children,
  ...rest
}) {
  const id = useId();
  const noteId = `${id}-note`;
  const described = note === undefined ? {} : { 'aria-describedby': noteId };
  return html`<div class=${`field ${isInline ? 'inline' : ''}`}>
    <span class=${`label-line ${isLabelHidden ? 'visually-hidden' : ''}`}><label for=${id}>${label}</label>${aside}</span>
    <${control} id=${id} ...${described} ...${rest}>${children}</${control}>
    ${note !== undefined && html`<p id=${noteId} class="note">${note}</p>`}
  </div>`;
}

/**
 * @param {{ label: string, value: string, options: readonly (readonly [value: string, label: string])[], onChoose: (value: string) => void, aside?: unknown, isLabelHidden?: boolean }} props
 */
export function Choice({ label, value, options, onChoose, aside, isLabelHidden = false }) {
  /** @param {{ currentTarget: HTMLSelectElement }} event */
  const choose = ({ currentTarget }) => onChoose(currentTarget.value);
  return html`<${Field} control="select" label=${label} aside=${aside} isLabelHidden=${isLabelHidden} value=${value} onChange=${choose}>
    ${options.map(([key, text]) => html`<option key=${key} value=${key} selected=${key === value}>${text}</option>`)}
  <//>`;
}
