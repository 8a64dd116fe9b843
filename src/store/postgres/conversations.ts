import type { ConversationState } from '../deliveryStore';
import type { Database } from './database';

/** Who talks in a conversation. */
export class Conversations {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async state(conversationId: string): Promise<ConversationState> {
    const [row] = await this.#database.query<{ state: string }>(
      {
        name: 'conversation-state',
        text: `SELECT state FROM ${this.#database.schema}.conversations WHERE conversation_id = $1`,
      },
      [conversationId],
    );
    return row?.state === 'closed' ? 'closed' : 'bot';
  }

  async close(conversationId: string, at: number): Promise<void> {
    await this.#database.query(
      {
        name: 'close-conversation',
        text: `
          INSERT INTO ${this.#database.schema}.conversations (conversation_id, state, changed_at)
          VALUES ($1, 'closed', $2)
          ON CONFLICT (conversation_id) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at`,
      },
      [conversationId, at],
    );
  }
}
