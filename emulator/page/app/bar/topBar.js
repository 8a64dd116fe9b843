/** @import { ServedWorld } from '../../../src/world' */
import { useId, useState } from 'preact/hooks';
import { html } from '../shared/html.js';
import { ClockBar } from './clockBar.js';
import { IntegrationButtons, IntegrationHealth } from './integrationHealth.js';
import { Recorder } from './recorder.js';
import { ThemeSwitch } from './themeSwitch.js';
import { TrafficRules } from './trafficRules.js';

/** @typedef {'integration' | 'faults' | 'violations'} DialogName */

/**
 * The integration, the clock, and what can be opened. On a phone all but the most important is folded away.
 *
 * @param {{ world: ServedWorld, isPhone: boolean, onOpen: (dialog: DialogName) => void }} props
 */
export function TopBar({ world, isPhone, onOpen }) {
  const [isUnfolded, setIsUnfolded] = useState(false);
  const foldId = useId();
  const buttons = html`<${IntegrationButtons} onEdit=${() => onOpen('integration')} />`;
  const tools = html`<div class="bar-group tools">
    <button type="button" onClick=${() => onOpen('faults')}>Faults <span class="count">${world.faults.length}</span></button>
    <${Recorder} isRecording=${world.isRecording} botUrl=${world.integration.botUrl} />
    <${ThemeSwitch} />
  </div>`;
  return html`<header class="top-bar">
    <div class="bar-row">
      <h1>Webex Connect <span class="thin">emulator</span></h1>
      ${isPhone && html`<button type="button" aria-expanded=${isUnfolded} aria-controls=${foldId} onClick=${() => setIsUnfolded(!isUnfolded)}><span aria-hidden="true">${isUnfolded ? '▾' : '▸'}</span> Controls</button>`}
      <${IntegrationHealth} integration=${world.integration} />
      ${!isPhone && html`${buttons}${tools}`}
      <${ViolationsButton} count=${world.violations.length} onOpen=${() => onOpen('violations')} />
    </div>
    <div id=${foldId} class="bar-row" hidden=${isPhone && !isUnfolded}>
      ${isPhone && buttons}
      <${ClockBar} clock=${world.clock} />
      <${TrafficRules} rule=${world.rule} dialect=${world.dialect} />
      ${isPhone && tools}
    </div>
  </header>`;
}

/** @param {{ count: number, onOpen: () => void }} props */
function ViolationsButton({ count, onOpen }) {
  return html`<button type="button" class=${count > 0 ? 'alarming' : ''} onClick=${onOpen}>Violations <span class="count">${count}</span></button>`;
}
