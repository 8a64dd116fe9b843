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
  media:
    'The shape of Media, and the values of MessageType but TEXT, are not documented. The emulator sends the URL, and IMAGE, VIDEO, AUDIO or FILE by its ending.',
  receipt: 'What a receipt describes is documented for Failed only; the others have an empty Description.',
  postback: 'A postback is documented for Facebook Messenger only.',
  suggestions:
    'Buttons in a bot’s reply are not documented. Choices that the emulator finds in the text are offered here; a tap says the choice.',
  agentEvents:
    'How the messages of an agent’s conversation look on the wire, and how it is tied to the bot’s, is not documented; nor what the bot hears of its end: nothing, and the customer’s next message is the bot’s again. A second handover finds the conversation that is here; what the bot says meanwhile, the customer reads.',
  transfer: 'What the bot is told of a transfer is not documented. The conversation keeps its ID.',
  wire: 'In which order events go out is not documented: here those of a customer go one after the other, and a failed one holds up none. The bot’s own messages are not echoed to it. Stamps have 24 hours, and hundredths that are cut off.',
  traffic:
    'With CCSP, the first message goes to the bot and what follows to the contact centre: the emulator’s reading of the page. Of the dialects only the first is documented; the others are what other bots of the platform have been seen to meet.',
  held: 'What becomes of events while the webhook is inactive is not documented. The emulator holds them, and sends them when it is verified again.',
  token: 'Where in the answer the verification token has to stand is not documented.',
  repeat: 'What the platform makes of a repeated POST is not documented, nor is any Idempotency-Key.',
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
