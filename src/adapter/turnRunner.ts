import type { Activity } from 'botbuilder';
import type { Clock } from '../clock';
import { reopen, told } from '../delivery/conversationLife';
import { isTold, judgeTurn } from '../delivery/conversationVerdicts';
import type { TurnEnd } from '../delivery/turnWorkers';
import type { Counters } from '../operations/counters';
import type { InboundEvent } from '../protocol/inboundEvent';
import { mirroredOfCrossing } from '../protocol/mirroredOfCrossing';
import type { ClaimedTurn, DeliveryStore, NewInboxEvent } from '../store/deliveryStore';
import { writtenAt } from './eventIntake';
import type { InboundTranslator } from './inboundTranslator';
import { TurnHandle } from './turnHandle';

/** What {@link TurnRunner} works with. */
export interface TurnRunnerParts {
  readonly store: DeliveryStore;
  readonly clock: Clock;
  /** Milliseconds by which the platform's clock and ours may differ, as a middleware may say before the start. */
  readonly clockToleranceMs: () => number;
  readonly translator: InboundTranslator;
  readonly counters: Counters;
  /**
   * Runs the bot.
   *
   * @param eventId The event that the bot is shown: what it sends is named after it (I4).
   */
  readonly run: (turn: ClaimedTurn, eventId: string, activity: Partial<Activity>) => Promise<void>;
  /** Tries what a conversation's queues wait to send again, at once. */
  readonly hasten: (conversationId: string) => Promise<void>;
  /** Told when the bot failed to hear what became of a handover; it will hear it again. */
  readonly onTellFailed: (conversationId: string, error: unknown) => void;
}

const COMPLETED: TurnEnd = { kind: 'completed' };

/** Runs the turn of a stored event, unless it has to wait until it is known who has the conversation. */
export class TurnRunner {
  readonly #parts: TurnRunnerParts;

  constructor(parts: TurnRunnerParts) {
    this.#parts = parts;
  }

  run(turn: ClaimedTurn): Promise<TurnEnd> {
    const { event } = turn;
    switch (event.source) {
      case 'platform':
        return this.#runPlatformEvent(turn);
      case 'deliveryFailed':
        return this.#tellOfFailure(turn);
      case 'handoffStatus':
        return this.#tellOnce(turn);
    }
  }

  async #tellOfFailure(turn: ClaimedTurn): Promise<TurnEnd> {
    const { run, translator } = this.#parts;
    await run(turn, turn.event.id, translator.deliveryFailed(turn.event));
    return COMPLETED;
  }

  async #tellOnce(turn: ClaimedTurn): Promise<TurnEnd> {
    if (!isTold(turn.conversation, turn.event.id)) await this.#tell(turn, turn.event);
    return COMPLETED;
  }

  async #runPlatformEvent(turn: ClaimedTurn): Promise<TurnEnd> {
    const { translator, clock, clockToleranceMs } = this.#parts;
    const event = translator.decodeStored(turn.event);
    if (event.kind !== 'message' && event.kind !== 'postback') return this.#show(turn, event);
    if (hasHandedOver(turn)) return this.#show(turn, event);

    const { store } = this.#parts;
    const { conversationId, receivedAt } = turn.event;
    const at = writtenAt(event, receivedAt);
    const verdict = judgeTurn(turn.conversation, { at, receivedAt }, clock.now(), clockToleranceMs());
    switch (verdict.kind) {
      case 'hold':
        return { kind: 'held', notBefore: verdict.notBefore };
      case 'mirror':
        return this.#show(turn, mirroredOfCrossing(event));
      case 'runAfter':
        await this.#tellAhead(turn, verdict.notice);
        return this.#show(turn, event);
      case 'reopen':
        await store.updateConversation(conversationId, reopen());
        return this.#show(turn, event);
      case 'run':
        return this.#show(turn, event);
    }
  }

  async #show(turn: ClaimedTurn, event: InboundEvent): Promise<TurnEnd> {
    await this.#parts.run(turn, turn.event.id, await this.#parts.translator.toActivity(turn, event));
    return COMPLETED;
  }

  /** A bot that fails to hear it must not cost the message: the notice's own turn will tell it again. */
  async #tellAhead(turn: ClaimedTurn, notice: NewInboxEvent): Promise<void> {
    try {
      await this.#tell(turn, notice);
    } catch (error) {
      this.#parts.onTellFailed(notice.conversationId, error);
    }
  }

  async #tell(turn: ClaimedTurn, notice: NewInboxEvent): Promise<void> {
    await this.#parts.hasten(turn.event.conversationId);
    const { activity, state } = this.#parts.translator.handoffStatus(notice);
    await this.#parts.run(turn, notice.id, activity);
    this.#parts.counters.add(`handovers_${state}_total`);
    if (state === 'accepted') return;
    await this.#parts.store.updateConversation(turn.event.conversationId, told(notice.id));
  }
}

/** Whether the turn was cut off after it had handed over: it has crossed nothing, and still has its work to do. */
function hasHandedOver({ event, conversation }: ClaimedTurn): boolean {
  if (conversation?.kind !== 'bot') return false;
  const { phase, pastHandovers } = conversation;
  const handovers = 'handover' in phase ? [...pastHandovers, phase.handover] : pastHandovers;
  return handovers.some(({ id }) => TurnHandle.isOfEvent(id, event.id));
}
