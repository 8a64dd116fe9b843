/** @import { IntegrationView } from '../../../src/world' */
import { useState } from 'preact/hooks';
import { useActions } from '../live/actions.js';
import { Assumption } from '../shared/assumption.js';
import { CopyButton } from '../shared/copyButton.js';
import { Dialog } from '../shared/dialog.js';
import { Field } from '../shared/field.js';
import { html } from '../shared/html.js';

/** @type {readonly (readonly [IntegrationView['platform'], string])[]} */
const PLATFORMS = [
  ['OTHERS', 'OTHERS: the bot’s answers carry the verification token'],
  ['IMI BOT', 'IMI BOT: events carry the bot’s access token'],
];

/**
 * Edits the integration; only what was changed is sent.
 *
 * @param {{ integration: IntegrationView, onClose: () => void }} props
 */
export function IntegrationDialog({ integration, onClose }) {
  const { editIntegration, verify } = useActions();
  const [botUrl, setBotUrl] = useState(integration.botUrl);
  const [platform, setPlatform] = useState(integration.platform);
  const [verificationToken, setVerificationToken] = useState('');
  const [accessToken, setAccessToken] = useState('');

  /** @param {SubmitEvent} event */
  const save = async (event) => {
    event.preventDefault();
    const isVerified = event.submitter?.getAttribute('value') === 'verify';
    const saved = await editIntegration({
      botUrl: botUrl.trim(),
      platform,
      ...(verificationToken === '' ? {} : { verificationToken }),
      ...(accessToken === '' ? {} : { accessToken }),
    });
    if (saved === undefined) return;
    onClose();
    if (isVerified) void verify();
  };

  return html`<${Dialog} title="Edit the integration" onClose=${onClose}>
    <form class="stack" onSubmit=${save}>
      <${Field} label="Webhook URL of the bot" type="url" required autofocus placeholder="http://localhost:3978/api/webex-connect" value=${botUrl} onInput=${taking(setBotUrl)} />
      <fieldset>
        <legend>Platform</legend>
        ${PLATFORMS.map(([name, words]) => html`<label key=${name} class="check"><input type="radio" name="platform" value=${name} checked=${platform === name} onChange=${() => setPlatform(name)} /> ${words}</label>`)}
      </fieldset>
      ${
        platform === 'OTHERS'
          ? html`<${Field} label="Verification token" type="password" autocomplete="off" placeholder=${placeholder(integration.hasVerificationToken)} aside=${html`<${Assumption} of="token" />`} value=${verificationToken} onInput=${taking(setVerificationToken)} />`
          : html`<${Field} label="Access token" type="password" autocomplete="off" placeholder=${placeholder(integration.hasAccessToken)} aside=${html`<${Assumption} of="accessToken" />`} value=${accessToken} onInput=${taking(setAccessToken)} />`
      }
      <p class="note">An edited integration has to be verified again.</p>
      <div class="buttons">
        <button type="submit" class="primary" value="verify">Save and verify</button>
        <button type="submit" value="save">Save</button>
      </div>
    </form>
    <h3>Where the bot sends its events</h3>
    <p class="webhook-url"><code>${integration.webhookUrl}</code> <${CopyButton} label="Copy" text=${() => integration.webhookUrl} /></p>
  <//>`;
}

/** @param {boolean} isSet */
function placeholder(isSet) {
  return isSet ? 'set; empty leaves it as it is' : 'none is set';
}

/** @param {(text: string) => void} set */
function taking(set) {
  return (/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) => set(currentTarget.value);
}
