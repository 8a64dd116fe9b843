import { render } from 'preact';
import { App } from './app.js';
import { html } from './shared/html.js';

const root = document.querySelector('#app');
if (root !== null) {
  root.replaceChildren();
  render(html`<${App} />`, root);
}
