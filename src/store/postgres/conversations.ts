import type { ConversationRecord } from '../conversationRecord';
import type { ConversationTie, ConversationUpdate, NewInboxEvent, Page, TieIds } from '../deliveryStore';
import { fromRecordJson } from '../recordJson';
import { changeFields } from './conversationStep';
import type { Database } from './database';
import type { KnownConversation } from './knownConversation';
import type { StoreTime } from './storeTime';
import { encodeJson } from './textCodec';

interface StoredConversation {
  readonly version: number;
  readonly record: string;
}

/** What is known of conversations. */
export class Conversations {
  readonly #database: Database;
  readonly #time: StoreTime;
  readonly #onWorkLeft: () => void;

  constructor(database: Database, time: StoreTime, onWorkLeft: () => void) {
    this.#database = database;
    this.#time = time;
    this.#onWorkLeft = onWorkLeft;
  }

  async find(conversationId: string): Promise<ConversationRecord | undefined> {
    return (await this.#load(conversationId)).record;
  }

  async list(
    kind: ConversationRecord['kind'],
    { limit, after }: Page,
  ): Promise<readonly ConversationRecord[]> {
    const rows = await this.#database.query<{ record: string }>(
      {
        name: 'list-conversations',
        text: `
          SELECT record FROM ${this.#database.schema}.conversations
          WHERE kind = $1 AND conversation_id >= coalesce($2, '') AND ($2 IS NULL OR conversation_id <> $2)
          ORDER BY conversation_id LIMIT $3`,
      },
      [kind, after ?? null, limit],
    );
    return rows.map(({ record }) => fromRecordJson(record));
  }

  async update(conversationId: string, update: ConversationUpdate): Promise<ConversationRecord | undefined> {
    for (;;) {
      const known = await this.#load(conversationId);
      const change = update(known.record);
      if (change.kind !== 'changed') return known.record;
      const [row] = await this.#database.query<{ done: boolean }>(
        {
          name: 'update-conversation',
          text: `SELECT ${this.#database.schema}.update_conversation($1, $2, $3) AS done`,
        },
        [conversationId, encodeJson(changeFields(known, change)), this.#time.clockOf(undefined)],
      );
      if (row?.done !== true) continue;
      this.#announce(change.notices);
      return change.record;
    }
  }

  async tie(ids: TieIds, tie: ConversationTie): Promise<boolean> {
    const { channelId, agentConversationId, botConversationId } = ids;
    for (;;) {
      const [agent, bot] = await this.#loadBoth(agentConversationId, botConversationId);
      const change = tie(agent.record, bot.record);
      if (change.kind === 'refused') return false;
      const { notices } = change;
      const [row] = await this.#database.query<{ done: boolean }>(
        {
          name: 'tie-conversations',
          text: `SELECT ${this.#database.schema}.tie_conversations($1, $2, $3, $4, $5, $6) AS done`,
        },
        [
          channelId,
          agentConversationId,
          encodeJson(changeFields(agent, { kind: 'changed', record: change.agent, notices: [] })),
          botConversationId,
          encodeJson(changeFields(bot, { kind: 'changed', record: change.bot, notices })),
          this.#time.clockOf(undefined),
        ],
      );
      if (row?.done !== true) continue;
      this.#announce(notices);
      return true;
    }
  }

  async #load(conversationId: string): Promise<KnownConversation> {
    const [row] = await this.#database.query<StoredConversation>(
      {
        name: 'load-conversation',
        text: `
          SELECT version, record FROM ${this.#database.schema}.conversations WHERE conversation_id = $1`,
      },
      [conversationId],
    );
    return toKnown(row);
  }

  /** As they are at one moment. */
  async #loadBoth(one: string, other: string): Promise<[KnownConversation, KnownConversation]> {
    const rows = await this.#database.query<StoredConversation & { id: string }>(
      {
        name: 'load-conversations',
        text: `
          SELECT conversation_id AS id, version, record FROM ${this.#database.schema}.conversations
          WHERE conversation_id IN ($1, $2)`,
      },
      [one, other],
    );
    return [toKnown(rows.find(({ id }) => id === one)), toKnown(rows.find(({ id }) => id === other))];
  }

  #announce(notices: readonly NewInboxEvent[]): void {
    if (notices.length > 0) this.#onWorkLeft();
  }
}

function toKnown(row: StoredConversation | undefined): KnownConversation {
  return row === undefined
    ? { version: 0, record: undefined }
    : { version: row.version, record: fromRecordJson(row.record) };
}
