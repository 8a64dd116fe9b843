import { useState } from 'preact/hooks';
import { useActions } from '../live/actions.js';
import { CopyButton } from '../shared/copyButton.js';
import { Dialog } from '../shared/dialog.js';
import { Field } from '../shared/field.js';
import { html } from '../shared/html.js';

/**
 * Records a session as a scenario file.
 *
 * @param {{ isRecording: boolean, botUrl: string }} props
 */
export function Recorder({ isRecording, botUrl }) {
  const { startRecording, stopRecording } = useActions();
  const [scenario, setScenario] = useState(/** @type {string | undefined} */ (undefined));

  const stop = async () => {
    const answer = await stopRecording();
    if (typeof answer?.scenario === 'string') setScenario(answer.scenario);
  };
  return html`
    ${
      isRecording
        ? html`<button type="button" class="recording" onClick=${stop}><span aria-hidden="true">■</span> Stop recording</button>`
        : html`<button type="button" onClick=${startRecording}><span aria-hidden="true">●</span> Record</button>`
    }
    ${scenario !== undefined && html`<${ScenarioDialog} scenario=${scenario} botUrl=${botUrl} onClose=${() => setScenario(undefined)} />`}
  `;
}

/** @param {{ scenario: string, botUrl: string, onClose: () => void }} props */
function ScenarioDialog({ scenario, botUrl, onClose }) {
  return html`<${Dialog} title="Recorded scenario" onClose=${onClose}>
    <${Field} control="textarea" label="Scenario" note=${`Play it with: npx webex-connect-emulator run scenario.yml --bot-url ${botUrl}`} class="code" rows="18" readonly spellcheck=${false} value=${scenario} />
    <div class="buttons">
      <button type="button" class="primary" onClick=${() => save(scenario)}>Save as scenario.yml</button>
      <${CopyButton} label="Copy" text=${() => scenario} />
    </div>
  <//>`;
}

/** @param {string} scenario */
function save(scenario) {
  const address = URL.createObjectURL(new Blob([scenario], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'scenario.yml';
  link.click();
  URL.revokeObjectURL(address);
}
