import type { ConversationState } from '../deliveryStore';
import { Counter } from './counter';
import type { SqliteStatement } from './driver/sqliteDriver';
import type { TableContext } from './tableContext';

/** The conversations that the bot has closed; all others are open. */
export class ClosedConversations {
  readonly #size: Counter;
  readonly #close: SqliteStatement;
  readonly #open: SqliteStatement;
  readonly #find: SqliteStatement;

  constructor({ driver, undo }: TableContext) {
    this.#size = Counter.ofRows(driver, undo, 'closed_conversations');
    this.#close = driver.prepare(
      `INSERT INTO closed_conversations (conversation_id, closed_at) VALUES (?, ?)
        ON CONFLICT (conversation_id) DO NOTHING`,
    );
    this.#open = driver.prepare('DELETE FROM closed_conversations WHERE conversation_id = ?');
    this.#find = driver.prepare('SELECT 1 FROM closed_conversations WHERE conversation_id = ?');
  }

  close(conversationId: string, at: number): void {
    this.#size.add(this.#close.run(conversationId, at));
  }

  /** Asked with every event: many bots never close a conversation. */
  open(conversationId: string): void {
    if (this.#size.value > 0) this.#size.add(-this.#open.run(conversationId));
  }

  state(conversationId: string): ConversationState {
    return this.#find.get(conversationId) === undefined ? 'bot' : 'closed';
  }
}
