import { randomUUID } from 'node:crypto';
import type { AcceptOutcome, ClaimTerms, DeliveryStore } from '../../src';

/** At the same time: enough for the store to commit them in large groups. */
const AT_ONCE = 2000;
const CONVERSATIONS = 20_000;
const LEASE_MS = 600_000;

/** Takes so many messages through their whole life, as the engine would have: they have ended, and are still kept. */
export async function fillWithOldRows(store: DeliveryStore, rows: number): Promise<void> {
  await store.open();
  await manyAtOnce(rows, (n) => live(store, n));
}

/** Stores events that wait for a bot to start. */
export async function fillWithWaitingEvents(store: DeliveryStore, events: number): Promise<void> {
  await store.open();
  await manyAtOnce(events, async (n) => void (await accept(store, n, undefined)));
  await store.close();
}

async function manyAtOnce(count: number, task: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const n = next;
      next += 1;
      await task(n);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function accept(
  store: DeliveryStore,
  n: number,
  claim: ClaimTerms | undefined,
): Promise<AcceptOutcome> {
  const now = Date.now();
  const conversationId = conversationOf(n);
  const payload = {
    Conversationid: conversationId,
    ConversationType: 'BOT',
    Channel: 'WHATSAPP',
    Event: 'Incoming message',
    Message: `Where is my order ${n}?`,
    MessageType: 'TEXT',
    Messageid: `old-${n}`,
    Timestamp: '2026-03-09 14:05:07.25',
  };
  const event = {
    id: randomUUID(),
    conversationId,
    source: 'platform' as const,
    payload: JSON.stringify(payload),
    dedupeKey: `old ${n}`,
    receivedAt: now,
  };
  return store.accept(event, { now, maxBacklog: 10_000_000, dedupeWindowMs: 86_400_000, claim });
}

function conversationOf(n: number): string {
  return `old-${n % CONVERSATIONS}-${Math.floor(n / CONVERSATIONS)}`;
}

async function live(store: DeliveryStore, n: number): Promise<void> {
  const conversationId = conversationOf(n);
  const claim: ClaimTerms = { worker: 'bench', now: Date.now(), leaseMs: LEASE_MS };
  const accepted = await accept(store, n, claim);
  if (accepted.status !== 'stored' || accepted.turn === undefined)
    throw new Error('an old event was not stored');
  const id = randomUUID();
  const body = JSON.stringify({ eventid: '1001', conversation_id: conversationId, message: `Echo ${n}` });
  const staged = await store.stage(
    [
      {
        id,
        activityId: id,
        conversationId,
        destination: 'webhook',
        body,
        stagedAt: claim.now,
        role: 'message',
        reportsFailure: true,
      },
    ],
    { turn: accepted.turn, claim },
  );
  const [send] = staged.status === 'staged' ? staged.sends : [];
  if (send === undefined) throw new Error('an old message was not claimed');
  await Promise.all([
    store.settleSend(
      send,
      { kind: 'delivered', at: claim.now, platformMessageId: undefined },
      { updateHealth: (health) => health, claimNext: undefined },
    ),
    store.settleTurn(accepted.turn, { kind: 'completed' }, undefined),
  ]);
}
