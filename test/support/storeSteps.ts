import assert from 'node:assert/strict';
import type {
  ClaimedSend,
  ClaimedTurn,
  ClaimTerms,
  DeliveryStore,
  NewOutboxMessage,
  StageTerms,
} from '../../src/store/deliveryStore';
import { present } from './present';
import { acceptAt, claimBy, newEvent, newMessage, settleTerms, T0, WEBHOOK } from './storeSamples';

/** More than any test has waiting. */
const ALL = 1000;

/** Stores one event per id, in order. */
export async function acceptAll(
  store: DeliveryStore,
  conversationId: string,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) await store.accept(newEvent(conversationId, id), acceptAt());
}

/** Stages one message per id, in order, outside of any turn. */
export async function stageAll(
  store: DeliveryStore,
  conversationId: string,
  ids: readonly string[],
): Promise<void> {
  const messages = ids.map((id) => newMessage(conversationId, id));
  await store.stage(messages, { turn: undefined, claim: undefined });
}

/**
 * Stages messages that nothing refuses.
 *
 * @returns The heads that were claimed in the same commit.
 */
export async function stageSends(
  store: DeliveryStore,
  messages: readonly NewOutboxMessage[],
  terms: StageTerms,
): Promise<readonly ClaimedSend[]> {
  const outcome = await store.stage(messages, terms);
  assert.ok(outcome.status === 'staged', 'the messages were refused');
  return outcome.sends;
}

/** Claims the one turn that is due. */
export async function claimTurn(
  store: DeliveryStore,
  terms: ClaimTerms = claimBy('a'),
): Promise<ClaimedTurn> {
  const [turn] = await store.claimTurns(1, terms);
  return present(turn, 'a turn that is due');
}

/** Claims the one message that is due. */
export async function claimSend(
  store: DeliveryStore,
  terms: ClaimTerms = claimBy('a'),
): Promise<ClaimedSend> {
  const [send] = await store.claimSends(WEBHOOK, 1, terms);
  return present(send, 'a message that is due');
}

/** The ids of the events that `terms.worker` could claim, claimed on the way. */
export async function dueTurns(store: DeliveryStore, terms: ClaimTerms): Promise<string[]> {
  return (await store.claimTurns(ALL, terms)).map(({ event }) => event.id).sort();
}

/** The ids of the events that are due, one after another: each is claimed when the one before has ended. */
export async function drainTurns(store: DeliveryStore, now = T0): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const [turn] = await store.claimTurns(1, claimBy('drain', now));
    if (turn === undefined) return ids;
    ids.push(turn.event.id);
    await store.settleTurn(turn, { kind: 'completed' }, undefined);
  }
}

/** The ids of the messages that are due, one after another: each is claimed when the one before has arrived. */
export async function drainSends(store: DeliveryStore, now = T0): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const [send] = await store.claimSends(WEBHOOK, 1, claimBy('drain', now));
    if (send === undefined) return ids;
    ids.push(send.message.id);
    await deliver(store, send);
  }
}

/** The ids of the messages that `terms.worker` could claim, claimed on the way. */
export async function dueSends(
  store: DeliveryStore,
  terms: ClaimTerms,
  destination = WEBHOOK,
): Promise<string[]> {
  return (await store.claimSends(destination, ALL, terms)).map(({ message }) => message.id).sort();
}

/** Delivers a message under a claim. */
export async function deliver(
  store: DeliveryStore,
  send: ClaimedSend,
  platformMessageId?: string,
): Promise<void> {
  await store.settleSend(send, { kind: 'delivered', at: T0, platformMessageId }, settleTerms());
}

/** Stages one message and gives it up at once: a dead letter. */
export async function bury(
  store: DeliveryStore,
  conversationId: string,
  id: string,
  role: NewOutboxMessage['role'] = 'message',
): Promise<void> {
  const [send] = await stageSends(store, [newMessage(conversationId, id, { role })], {
    turn: undefined,
    claim: claimBy('undertaker'),
  });
  const death = { kind: 'dead', at: T0, reason: 'refused', isAmbiguous: false, notice: undefined } as const;
  await store.settleSend(present(send), death, settleTerms());
}

/** Stores an event and claims its turn in the same commit. */
export async function acceptTurn(
  store: DeliveryStore,
  conversationId: string,
  id: string,
): Promise<ClaimedTurn> {
  const outcome = await store.accept(newEvent(conversationId, id), acceptAt(T0, { claim: claimBy('a') }));
  return present(outcome.status === 'stored' ? outcome.turn : undefined, 'the turn of the event');
}

/** Stores an event and quarantines it after one failed turn. */
export async function quarantineEvent(
  store: DeliveryStore,
  conversationId: string,
  id: string,
  why: { readonly reason: string; readonly details?: string } = { reason: 'it failed' },
): Promise<void> {
  const turn = await acceptTurn(store, conversationId, id);
  await store.settleTurn(turn, { kind: 'quarantined', at: T0, ...why, cause: 'Error' }, undefined);
}
