import { useLayoutEffect } from 'preact/hooks';
import { Choice } from '../shared/field.js';
import { html } from '../shared/html.js';
import { useStored } from '../shared/stored.js';

/** @type {readonly (readonly [string, string])[]} */
const THEMES = [
  ['auto', 'Theme: auto'],
  ['light', 'Theme: light'],
  ['dark', 'Theme: dark'],
];

export function ThemeSwitch() {
  const [theme, setTheme] = useStored('theme', 'auto');
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return html`<${Choice} label="Theme" isLabelHidden value=${theme} options=${THEMES} onChoose=${setTheme} />`;
}
