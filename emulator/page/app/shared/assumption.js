import { useId } from 'preact/hooks';
import { html } from './html.js';

/** What the platform does not document, and what the emulator takes for granted instead. */
const ASSUMPTIONS = {
  verify:
    'What the Verify call looks like is not documented. The emulator POSTs an empty JSON object; the answer has to be 2xx and to carry the token.',
  accessToken:
    'Where the access token stands in a call is not documented. The emulator sends it as Authorization: Bearer.',
  retries:
    'Documented is “at most four retries over the next hour”. When exactly they come is the emulator’s choice.',
  channel:
    'FB is the only value of Channel that is documented. The others are the emulator’s names for them.',
  media: 'The shape of Media is not documented.',
  postback: 'A postback is documented for Facebook Messenger only.',
  suggestions:
    'Buttons in a bot’s reply are not documented. Choices that the emulator finds in the text are offered here; a tap says the choice.',
  agentEvents:
    'How the messages of an agent’s conversation look on the wire, and how it is tied to the bot’s, is not documented.',
  transfer: 'What the bot is told of a transfer is not documented. The conversation keeps its ID.',
  dialect:
    'Only the first is documented. The others are what other bots of the platform have been seen to meet.',
  token: 'Where in the answer the verification token has to stand is not documented.',
  webhookAnswer: 'What the generated webhook URL answers, and its errors, is not documented.',
};

/**
 * The small tag beside what is an assumption: hovering, focus and a press tell which one.
 *
 * @param {{ of: keyof typeof ASSUMPTIONS }} props
 */
export function Assumption({ of }) {
  const id = useId();
  const text = ASSUMPTIONS[of];
  return html`<span class="assumption">
    <button type="button" class="tag" title=${text} aria-describedby=${id} popovertarget=${id}>assumption</button>
    <span id=${id} class="popover" popover="auto">${text}</span>
  </span>`;
}
