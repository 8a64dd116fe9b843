import { LeaseLostError } from '../../errors';
import type {
  AcceptOutcome,
  AcceptTerms,
  ClaimedTurn,
  ClaimTerms,
  NewInboxEvent,
  TurnSettlement,
} from '../deliveryStore';
import { BacklogGauge } from './backlogGauge';
import { toClaimedTurn } from './claims';
import { followConversation } from './conversationStep';
import type { Database } from './database';
import type { HeldLeases } from './heldLeases';
import { LaneReader } from './laneReader';
import { OneAtATime } from './oneAtATime';
import { faultOf, type Operation, type OperationOutcome, Operations } from './operations';
import type { StoreTime } from './storeTime';

/** The destination of the inbox's lanes. */
export const INBOX = '';

const ACCEPT = { name: 'accept_events' };
const SETTLE = { name: 'settle_turns' };

/** What an operation claims with. */
export function claimFields(terms: ClaimTerms | undefined) {
  return { worker: terms?.worker ?? null, leaseMs: terms?.leaseMs ?? null };
}

/** Takes events in and gives their turns out (I2, I3). */
export class Inbox {
  readonly #time: StoreTime;
  readonly #held: HeldLeases;
  readonly #lanes: LaneReader;
  readonly #accepting: Operations;
  readonly #settling: Operations;
  readonly #backlog = new BacklogGauge();
  readonly #steps = new OneAtATime();

  constructor(database: Database, time: StoreTime, held: HeldLeases, onWorkLeft: () => void) {
    this.#time = time;
    this.#held = held;
    this.#lanes = new LaneReader(database, time);
    this.#accepting = new Operations(database, ACCEPT, ACCEPT, onWorkLeft);
    this.#settling = new Operations(database, SETTLE, SETTLE, onWorkLeft);
  }

  async accept(event: NewInboxEvent, terms: AcceptTerms): Promise<AcceptOutcome> {
    const { dedupeWindowMs, claim, conversation, transcript } = terms;
    const operation = {
      dedupeWindowMs,
      clock: this.#time.clockOf(terms),
      transcript: transcript === undefined ? null : [transcript],
      ...claimFields(claim),
      ...event,
      dedupeKey: event.dedupeKey ?? null,
    };
    const outcome = await (conversation === undefined
      ? this.#accept(operation, terms)
      : followConversation(
          event.conversationId,
          conversation,
          (step) => this.#accept({ conversation: step, ...operation }, terms),
          this.#steps,
        ));
    if (outcome === 'refused') return { status: 'refused' };
    if (outcome.status === 'full' || outcome.status === 'duplicate') return { status: outcome.status };
    return { status: 'stored', turn: this.#turnOf(outcome, claim, event), ...faultOf(outcome) };
  }

  async #accept(operation: Operation, { maxBacklog }: AcceptTerms): Promise<OperationOutcome> {
    const counts = this.#backlog.mustCount(maxBacklog);
    let outcome: OperationOutcome | undefined;
    try {
      outcome = await this.#accepting.run({ maxBacklog: counts ? maxBacklog : null, ...operation });
      return outcome;
    } finally {
      if (counts) this.#backlog.counted(outcome?.backlog);
    }
  }

  async claim(limit: number, terms: ClaimTerms): Promise<readonly ClaimedTurn[]> {
    const turns = (await this.#lanes.claim('claim_turns', [], limit, terms)).map((claim) =>
      toClaimedTurn(claim),
    );
    for (const turn of turns) this.#hold(turn, terms);
    return turns;
  }

  async settle(
    turn: ClaimedTurn,
    settlement: TurnSettlement,
    claimNext: ClaimTerms | undefined,
  ): Promise<ClaimedTurn | undefined> {
    const { conversationId } = turn.event;
    const outcome = await this.#settling.run({
      conversationId,
      fence: turn.fence,
      ...this.#fieldsOf(settlement, claimNext),
      ...claimFields(claimNext),
      clock: this.#time.clockOf(claimNext),
    });
    this.#held.drop(turn.fence);
    if (outcome.status === 'lost') throw new LeaseLostError(`conversation ${conversationId}`);
    return this.#turnOf(outcome, claimNext);
  }

  nextTurnAt(now: number): Promise<number | undefined> {
    return this.#lanes.nextDueAt(INBOX, now);
  }

  forget(): void {
    this.#backlog.forget();
  }

  #fieldsOf(settlement: TurnSettlement, claimNext: ClaimTerms | undefined): object {
    switch (settlement.kind) {
      case 'completed':
        return { kind: 'completed', at: this.#time.callersNow(claimNext) };
      case 'retry':
      case 'held': {
        const { notBefore, ...fields } = settlement;
        return { ...fields, ...this.#time.due(notBefore) };
      }
      case 'released':
      case 'quarantined':
        return settlement;
    }
  }

  #turnOf(
    { claims: [claim] }: OperationOutcome,
    terms: ClaimTerms | undefined,
    accepted?: NewInboxEvent,
  ): ClaimedTurn | undefined {
    if (claim === undefined || terms === undefined) return undefined;
    const turn = toClaimedTurn(claim, accepted);
    this.#hold(turn, terms);
    return turn;
  }

  #hold({ event, fence }: ClaimedTurn, { worker }: ClaimTerms): void {
    this.#held.add(worker, { destination: INBOX, conversationId: event.conversationId, fence });
  }
}
