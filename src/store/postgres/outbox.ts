import { LeaseLostError } from '../../errors';
import type {
  ClaimedSend,
  ClaimTerms,
  ConversationUpdate,
  NewOutboxMessage,
  SendSettlement,
  SettledSend,
  SettleSendTerms,
  StageGate,
  StageOutcome,
  StageTerms,
} from '../deliveryStore';
import { toClaimedSend } from './claims';
import { changeFields, followConversation } from './conversationStep';
import type { Database } from './database';
import type { HealthBook, HealthStep } from './healthBook';
import type { HeldLeases } from './heldLeases';
import { claimFields } from './inbox';
import { LaneReader } from './laneReader';
import { OneAtATime } from './oneAtATime';
import { faultOf, type Operation, type OperationOutcome, Operations } from './operations';
import type { StoreTime } from './storeTime';

/** No id of a platform is longer, and what is longer could not be indexed. */
const MAX_PLATFORM_ID_LENGTH = 512;

/** Our own ids are looked for among so many of a conversation's last messages: they are in no index. */
const RECENT_MESSAGES = 1000;

const STAGE = { name: 'stage_messages', takesMessages: true };
const SETTLE = { name: 'settle_sends' };
const SETTLE_ALONE = { name: 'settle_send_alone' };

/** Takes messages in and gives them out to be sent (I4, I5, I7). */
export class Outbox {
  readonly #database: Database;
  readonly #time: StoreTime;
  readonly #steps = new OneAtATime();
  readonly #held: HeldLeases;
  readonly #health: HealthBook;
  readonly #lanes: LaneReader;
  readonly #staging: Operations;
  readonly #settling: Operations;

  constructor(
    database: Database,
    time: StoreTime,
    held: HeldLeases,
    health: HealthBook,
    onWorkLeft: () => void,
  ) {
    this.#database = database;
    this.#time = time;
    this.#held = held;
    this.#health = health;
    this.#lanes = new LaneReader(database, time);
    this.#staging = new Operations(database, STAGE, STAGE, onWorkLeft);
    this.#settling = new Operations(database, SETTLE, SETTLE_ALONE, onWorkLeft);
  }

  async stage(
    messages: readonly NewOutboxMessage[],
    { turn, claim, gate, transcript = [] }: StageTerms,
  ): Promise<StageOutcome> {
    const turnConversationId = turn?.event.conversationId;
    const [of] = [...(gate === undefined ? [] : [gate]), ...messages, ...transcript];
    if (of === undefined) return { status: 'staged', sends: [] };
    const conversationId = turnConversationId ?? of.conversationId;
    const isOneConversation =
      messages.every((message) => message.conversationId === conversationId) &&
      (gate === undefined || gate.conversationId === conversationId);
    const operationWith = (fields: GateFields) => ({
      conversationId,
      turnConversationId: turnConversationId ?? null,
      turnFence: turn?.fence ?? null,
      ...claimFields(claim),
      clock: this.#time.clockOf(claim),
      locksAll: !isOneConversation,
      messages,
      transcript: transcript.length === 0 ? null : transcript,
      ...fields,
    });
    const run = (fields: GateFields) =>
      isOneConversation && !changes(fields)
        ? this.#staging.run(operationWith(fields))
        : this.#staging.runAlone(operationWith(fields));
    const outcome = await throughGate(gate, run, this.#steps);
    if (outcome === 'refused' || outcome.status === 'refused') return { status: 'refused' };
    if (outcome.status === 'lost') throw new LeaseLostError(`conversation ${conversationId}`);
    return { status: 'staged', sends: this.#sendsOf(outcome, claim, messages), ...faultOf(outcome) };
  }

  async claim(destination: string, limit: number, terms: ClaimTerms): Promise<readonly ClaimedSend[]> {
    const sends = (await this.#lanes.claim('claim_sends', [destination], limit, terms)).map((claim) =>
      toClaimedSend(claim),
    );
    for (const send of sends) this.#hold(send, terms);
    return sends;
  }

  async settle(
    send: ClaimedSend,
    settlement: SendSettlement,
    { updateHealth, claimNext, conversation }: SettleSendTerms,
  ): Promise<SettledSend> {
    const { destination, conversationId } = send.message;
    const operation = {
      destination,
      conversationId,
      fence: send.fence,
      ...this.#fieldsOf(settlement),
      ...claimFields(claimNext),
      clock: this.#time.clockOf(claimNext),
    };
    const { health, result } = await this.#health.follow(destination, updateHealth, (step) =>
      this.#settle(send, operation, step, conversation, hasNotice(settlement)),
    );
    const [next] = this.#sendsOf(result, claimNext);
    return { health, next };
  }

  async #settle(
    send: ClaimedSend,
    operation: Operation,
    step: HealthStep,
    update: ConversationUpdate | undefined,
    notifies: boolean,
  ): Promise<OperationOutcome | 'stale'> {
    const outcome = await (update === undefined && step.next === undefined && !notifies
      ? this.#settling.run({ healthVersion: step.version, ...operation })
      : this.#settleAlone(update, { ...operation, ...healthFields(step) }));
    if (outcome.status === 'stale') return 'stale';
    this.#held.drop(send.fence);
    if (outcome.status === 'lost') {
      const { destination, conversationId } = send.message;
      throw new LeaseLostError(`the messages of conversation ${conversationId} for ${destination}`);
    }
    return outcome;
  }

  /** What was sent was sent: a step that refuses leaves the conversation as it is, and no more. */
  async #settleAlone(
    update: ConversationUpdate | undefined,
    operation: Operation,
  ): Promise<OperationOutcome> {
    if (update === undefined) return this.#settling.runAlone(operation);
    const run = (conversation: object) => this.#settling.runAlone({ conversation, ...operation });
    let outcome = await run({ when: 'always' });
    while (outcome.known !== undefined) {
      outcome = await run(changeFields(outcome.known, update(outcome.known.record)));
    }
    return outcome;
  }

  nextSendAt(destination: string, now: number): Promise<number | undefined> {
    return this.#lanes.nextDueAt(destination, now);
  }

  async expedite(destination: string, conversationId: string | undefined): Promise<void> {
    await this.#database.query(
      { name: 'expedite', text: `SELECT ${this.#database.schema}.expedite($1, $2, $3)` },
      [destination, conversationId ?? null, this.#time.clockOf(undefined)],
    );
  }

  /** The activity that the platform knows under an id of its own, or under the one that we gave it. */
  async findActivityId(conversationId: string, platformMessageId: string): Promise<string | undefined> {
    const { schema } = this.#database;
    const [row] = await this.#database.query<{ id: string | null }>(
      {
        name: 'find-activity',
        text: `
          SELECT coalesce(
            (SELECT d.activity_id FROM ${schema}.deliveries d
              WHERE d.conversation_id = $1 AND d.platform_message_id = $2),
            (SELECT o.activity_id FROM ${schema}.lanes l JOIN ${schema}.outbox o ON o.lane = l.number
              WHERE l.conversation_id = $1 AND o.seq < l.head AND o.seq >= l.head - $3 AND o.id = $2
                AND NOT EXISTS (SELECT FROM ${schema}.dead_letters d WHERE d.lane = o.lane AND d.seq = o.seq)
              LIMIT 1)
          ) AS id`,
      },
      [conversationId, platformMessageId, RECENT_MESSAGES],
    );
    return row?.id ?? undefined;
  }

  #fieldsOf(settlement: SendSettlement): object {
    switch (settlement.kind) {
      case 'delivered': {
        const { platformMessageId: id, at } = settlement;
        const isUsable = id !== undefined && id.length <= MAX_PLATFORM_ID_LENGTH;
        return { kind: 'delivered', at, platformMessageId: isUsable ? id : null };
      }
      case 'retry': {
        const { notBefore, ...fields } = settlement;
        return { ...fields, ...this.#time.due(notBefore) };
      }
      case 'dead': {
        const { reason, ...fields } = settlement;
        return { ...fields, error: reason };
      }
      case 'held':
      case 'released':
        return settlement;
    }
  }

  #sendsOf(
    { claims }: OperationOutcome,
    terms: ClaimTerms | undefined,
    staged?: readonly NewOutboxMessage[],
  ): readonly ClaimedSend[] {
    if (terms === undefined) return [];
    const sends = claims.map((one) => toClaimedSend(one, staged));
    for (const send of sends) this.#hold(send, terms);
    return sends;
  }

  #hold({ message, fence }: ClaimedSend, { worker }: ClaimTerms): void {
    const { destination, conversationId } = message;
    this.#held.add(worker, { destination, conversationId, fence });
  }
}

interface GateFields {
  readonly gateConversationId?: string;
  readonly conversation?: object;
}

/** Whether what is known of the conversation becomes another: who comes after has to look again. */
function changes({ conversation }: GateFields): boolean {
  return conversation !== undefined && 'record' in conversation;
}

/** Runs an operation that a gate has a say in, with the gate's fields. */
async function throughGate(
  gate: StageGate | undefined,
  run: (fields: GateFields) => Promise<OperationOutcome>,
  steps: OneAtATime,
): Promise<OperationOutcome | 'refused'> {
  if (gate === undefined) return run({});
  const gateConversationId = gate.conversationId;
  if (gate.kind === 'whileBotHasIt') return run({ gateConversationId });
  const step = { when: 'always', update: gate.update } as const;
  const stage = (conversation: object) => run({ gateConversationId, conversation });
  return followConversation(gateConversationId, step, stage, steps);
}

/** It locks the conversation's inbox. */
function hasNotice(settlement: SendSettlement): boolean {
  return settlement.kind === 'dead' && settlement.notice !== undefined;
}

function healthFields({ version, next }: HealthStep): object {
  return { oldHealthVersion: version, health: next === undefined ? null : JSON.stringify(next) };
}
