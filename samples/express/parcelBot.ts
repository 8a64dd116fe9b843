import {
  type Activity,
  ActivityHandler,
  CardFactory,
  MessageFactory,
  type StatePropertyAccessor,
  type TurnContext,
  type UserState,
} from 'botbuilder';
import { WEBEX_CONNECT_CHANNEL_ID } from 'botbuilder-adapter-webex-connect';
import type { Recipients } from './recipients';

const PARCEL_NUMBER = /\b\d{6}\b/;

/** Tells where a parcel is, on every channel. Which adapter serves it, it does not know. */
export class ParcelBot extends ActivityHandler {
  readonly #recipients: Recipients;
  readonly #userState: UserState;
  readonly #timesAsked: StatePropertyAccessor<number>;

  constructor(userState: UserState, recipients: Recipients) {
    super();
    this.#recipients = recipients;
    this.#userState = userState;
    this.#timesAsked = userState.createProperty<number>('timesAsked');

    this.onMessage(async (context, next) => {
      const parcel = PARCEL_NUMBER.exec(context.activity.text ?? '')?.[0];
      if (parcel === undefined) await context.sendActivity(whichParcel(context));
      else await this.#tell(context, parcel);
      await next();
    });
  }

  override async run(context: TurnContext): Promise<void> {
    await super.run(context);
    await this.#userState.saveChanges(context);
  }

  async #tell(context: TurnContext, parcel: string): Promise<void> {
    const timesAsked = (await this.#timesAsked.get(context, 0)) + 1;
    await this.#timesAsked.set(context, timesAsked);
    await this.#recipients.remember(parcel, context.activity);
    await context.sendActivity(whereItIs(parcel, timesAsked));
  }
}

/** The adapter would number the choices, and the customer answer `1`: where there are no buttons, a question is better. */
function whichParcel({ activity }: TurnContext): Partial<Activity> {
  if (activity.channelId === WEBEX_CONNECT_CHANNEL_ID) {
    return MessageFactory.text('Which parcel? Its number has six digits, such as 123456.');
  }
  return MessageFactory.suggestedActions(['123456', '654321'], 'Which parcel?');
}

/** A card in Web Chat and Teams; on Webex Connect the adapter sends what it says, as text. */
function whereItIs(parcel: string, timesAsked: number): Partial<Activity> {
  const card = CardFactory.adaptiveCard({
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      { type: 'TextBlock', text: `Parcel ${parcel}`, weight: 'Bolder' },
      {
        type: 'FactSet',
        facts: [
          { title: 'Where', value: 'in our van' },
          { title: 'You have asked', value: timesAsked === 1 ? 'once' : `${timesAsked} times` },
        ],
      },
    ],
    actions: [{ type: 'Action.OpenUrl', title: 'Follow it', url: `https://parcels.example.com/${parcel}` }],
  });
  return MessageFactory.attachment(card);
}
