import { type ConversationRecord, isEventful, isGated } from '../conversationRecord';
import type {
  ConversationChange,
  ConversationStep,
  ConversationUpdate,
  NewInboxEvent,
  Page,
  StageGate,
} from '../deliveryStore';
import { fromRecordJson, toRecordJson } from '../recordJson';
import { Counter } from './counter';
import { text } from './driver/row';
import type { Row, SqliteStatement } from './driver/sqliteDriver';
import type { TableContext } from './tableContext';

/** What became of a conversation. */
export type ConversationStepped =
  | {
      readonly status: 'done';
      /** What is known now, as far as it was looked at and is eventful. */
      readonly record: ConversationRecord | undefined;
      /** What is to enter the conversation's queue. */
      readonly notices: readonly NewInboxEvent[];
    }
  | { readonly status: 'refused' };

const NOTHING: ConversationStepped = { status: 'done', record: undefined, notices: [] };

/** What is known of each conversation. */
export class Conversations {
  /** Asked with every event, message and turn: while there is none, no query is needed to know it. */
  readonly #eventful: Counter;
  readonly #find: SqliteStatement;
  readonly #findEventful: SqliteStatement;
  readonly #list: SqliteStatement;
  readonly #listFirst: SqliteStatement;
  readonly #save: SqliteStatement;
  readonly #rewrite: SqliteStatement;

  constructor({ driver, undo }: TableContext) {
    this.#eventful = Counter.ofRows(driver, undo, 'conversations', 'is_eventful = 1');
    this.#find = driver.prepare('SELECT record FROM conversations WHERE conversation_id = ?');
    this.#findEventful = driver.prepare(
      'SELECT record FROM conversations WHERE conversation_id = ? AND is_eventful = 1',
    );
    this.#list = driver.prepare(
      'SELECT record FROM conversations WHERE kind = ? AND conversation_id > ? ORDER BY conversation_id LIMIT ?',
    );
    this.#listFirst = driver.prepare(
      'SELECT record FROM conversations WHERE kind = ? ORDER BY conversation_id LIMIT ?',
    );
    this.#save = driver.prepare(
      `INSERT INTO conversations (conversation_id, kind, is_eventful, record) VALUES (?, ?, ?, ?)
        ON CONFLICT (conversation_id) DO UPDATE
        SET kind = excluded.kind, is_eventful = excluded.is_eventful, record = excluded.record`,
    );
    this.#rewrite = driver.prepare('UPDATE conversations SET record = ? WHERE conversation_id = ?');
  }

  find(conversationId: string): ConversationRecord | undefined {
    const row = this.#find.get(conversationId);
    return row && toRecord(row);
  }

  /** What is known of a conversation, when it is eventful. */
  findEventful(conversationId: string): ConversationRecord | undefined {
    if (this.#eventful.value === 0) return undefined;
    const row = this.#findEventful.get(conversationId);
    return row && toRecord(row);
  }

  list(kind: ConversationRecord['kind'], { limit, after }: Page): ConversationRecord[] {
    if (after === undefined) return this.#listFirst.all(kind, limit).map(toRecord);
    return this.#list.all(kind, after, limit).map(toRecord);
  }

  /** What an event does to its conversation. */
  stepByEvent(conversationId: string, step: ConversationStep | undefined): ConversationStepped {
    if (step?.when === 'always') return this.step(conversationId, step.update);
    const record = this.findEventful(conversationId);
    if (record === undefined) return NOTHING;
    if (step === undefined) return { status: 'done', record, notices: [] };
    return this.#take(conversationId, record, step.update(record));
  }

  /** What messages do to their conversation. */
  stepByMessages(gate: StageGate): ConversationStepped {
    const { conversationId } = gate;
    if (gate.kind === 'change') return this.step(conversationId, gate.update);
    return isGated(this.findEventful(conversationId)) ? { status: 'refused' } : NOTHING;
  }

  step(conversationId: string, update: ConversationUpdate): ConversationStepped {
    const record = this.find(conversationId);
    return this.#take(conversationId, record, update(record));
  }

  /** @param before What is stored now. */
  save(conversationId: string, before: ConversationRecord | undefined, record: ConversationRecord): void {
    const json = toRecordJson(record);
    const wasEventful = before !== undefined && isEventful(before);
    // Most changes note one more event, and touch no index.
    if (before?.kind === record.kind && wasEventful === isEventful(record)) {
      this.#rewrite.run(json, conversationId);
      return;
    }
    this.#save.run(conversationId, record.kind, isEventful(record) ? 1 : 0, json);
    this.#eventful.add((isEventful(record) ? 1 : 0) - (wasEventful ? 1 : 0));
  }

  #take(
    conversationId: string,
    before: ConversationRecord | undefined,
    change: ConversationChange,
  ): ConversationStepped {
    switch (change.kind) {
      case 'refused':
        return { status: 'refused' };
      case 'unchanged':
        return { status: 'done', record: eventfulOnly(before), notices: [] };
      case 'changed':
        this.save(conversationId, before, change.record);
        return { status: 'done', record: eventfulOnly(change.record), notices: change.notices };
    }
  }
}

function eventfulOnly(record: ConversationRecord | undefined): ConversationRecord | undefined {
  return record !== undefined && isEventful(record) ? record : undefined;
}

function toRecord(row: Row): ConversationRecord {
  return fromRecordJson(text(row, 'record'));
}
