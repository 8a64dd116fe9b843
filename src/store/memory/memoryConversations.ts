import { type ConversationRecord, isEventful, isGated } from '../conversationRecord';
import type {
  ConversationChange,
  ConversationStep,
  ConversationUpdate,
  Page,
  StageGate,
} from '../deliveryStore';
import { compareCodePoints } from './codePoints';

const UNCHANGED: ConversationChange = { kind: 'unchanged' };

/**
 * What is known of each conversation. What asks for a change writes nothing yet: the call that it belongs to may still
 * be refused, or fail.
 */
export class MemoryConversations {
  readonly #records = new Map<string, ConversationRecord>();

  find(conversationId: string): ConversationRecord | undefined {
    return this.#records.get(conversationId);
  }

  /** What is known of a conversation, when it is eventful. */
  findEventful(conversationId: string): ConversationRecord | undefined {
    const record = this.#records.get(conversationId);
    return record !== undefined && isEventful(record) ? record : undefined;
  }

  list(kind: ConversationRecord['kind'], { limit, after }: Page): readonly ConversationRecord[] {
    const records = [...this.#records]
      .filter(
        ([id, record]) => record.kind === kind && (after === undefined || compareCodePoints(id, after) > 0),
      )
      .sort(([one], [other]) => compareCodePoints(one, other));
    return records.slice(0, limit).map(([, record]) => record);
  }

  /** What an event does to its conversation. */
  changeByEvent(conversationId: string, step: ConversationStep | undefined): ConversationChange {
    if (step === undefined) return UNCHANGED;
    if (step.when === 'ifEventful' && this.findEventful(conversationId) === undefined) return UNCHANGED;
    return step.update(this.find(conversationId));
  }

  /** What messages do to their conversation. */
  changeByMessages(gate: StageGate | undefined): ConversationChange {
    if (gate === undefined) return UNCHANGED;
    const record = this.find(gate.conversationId);
    if (gate.kind === 'change') return gate.update(record);
    return isGated(record) ? { kind: 'refused' } : UNCHANGED;
  }

  change(conversationId: string, update: ConversationUpdate | undefined): ConversationChange {
    return update === undefined ? UNCHANGED : update(this.find(conversationId));
  }

  save(conversationId: string, record: ConversationRecord): void {
    this.#records.set(conversationId, record);
  }
}
