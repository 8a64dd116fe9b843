import { type Activity, type ConversationReference, type Storage, TurnContext } from 'botbuilder';

/** Where to tell of a parcel: the conversation, of any channel, in which somebody asked for it last. */
export class Recipients {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  async remember(parcel: string, activity: Partial<Activity>): Promise<void> {
    const reference = TurnContext.getConversationReference(activity);
    await this.#storage.write({ [keyOf(parcel)]: { reference, eTag: '*' } });
  }

  async of(parcel: string): Promise<Partial<ConversationReference> | undefined> {
    const { [keyOf(parcel)]: item } = await this.#storage.read([keyOf(parcel)]);
    return item?.reference;
  }
}

function keyOf(parcel: string): string {
  return `parcels/${parcel}`;
}
