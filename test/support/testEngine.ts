import { DeliveryEngine } from '../../src/delivery/deliveryEngine';
import type { DeliveryObserver } from '../../src/delivery/deliveryObserver';
import type { InboxSettings, SenderSettings, TurnSettings } from '../../src/delivery/deliverySettings';
import type { TurnEnd } from '../../src/delivery/turnWorkers';
import type { ClaimedTurn, DeliveryStore, NewInboxEvent } from '../../src/store/deliveryStore';
import { MemoryStore } from '../../src/store/memoryStore';
import { ManualClock } from '../../src/testing/manualClock';
import { RecordingObserver } from './recordingObserver';
import { ScriptedClient } from './scriptedClient';
import { HOUR, LEASE_MS, MINUTE, newEvent, newMessage, SECOND, WEBHOOK } from './storeSamples';

/** What a turn does with the engine that runs it. */
export type TestTurn = (turn: ClaimedTurn, engine: TestEngine) => Promise<void>;

export interface TestEngineParts {
  readonly store?: DeliveryStore;
  readonly clock?: ManualClock;
  readonly client?: ScriptedClient;
  /** Destinations beside the webhook. */
  readonly otherClients?: Readonly<Record<string, ScriptedClient>>;
  readonly turns?: Partial<TurnSettings>;
  readonly sender?: Partial<SenderSettings>;
  readonly inbox?: Partial<InboxSettings>;
  /** Told instead of the engine's own {@link TestEngine.observer}. */
  readonly observer?: DeliveryObserver;
  /** By default {@link replyOnce}. */
  readonly runTurn?: TestTurn;
  /** How a turn ends that was run; by default it is completed. */
  readonly endTurn?: (turn: ClaimedTurn, engine: TestEngine) => TurnEnd;
}

/** Answers every event of the platform with one message. */
export const replyOnce: TestTurn = async (turn, engine) => {
  if (turn.event.source === 'platform') await engine.reply(turn, 1);
};

/** A delivery engine with the design's settings, on a clock that stands still and a client that is scripted. */
export class TestEngine {
  readonly engine: DeliveryEngine;
  readonly store: DeliveryStore;
  readonly clock: ManualClock;
  readonly client: ScriptedClient;
  readonly observer = new RecordingObserver();
  /** The id of every event whose turn was run, as often as it was. */
  readonly ran: string[] = [];
  /** Events whose turn began while another of their conversation ran. */
  readonly overlaps: string[] = [];
  mostTurnsAtOnce = 0;
  readonly #running = new Set<string>();

  constructor(parts: TestEngineParts = {}) {
    const { runTurn = replyOnce, endTurn = () => ({ kind: 'completed' }) } = parts;
    this.store = parts.store ?? new MemoryStore();
    this.clock = parts.clock ?? new ManualClock();
    this.client = parts.client ?? new ScriptedClient();
    this.engine = new DeliveryEngine({
      store: this.store,
      clock: this.clock,
      observer: parts.observer ?? this.observer,
      inbox: { maxBacklog: 1000, dedupeWindowMs: 24 * HOUR, ...parts.inbox },
      turns: { maxAttempts: 3, retryDelayMs: SECOND, maxConcurrent: 1000, ...parts.turns },
      sender: {
        retryDelaysMs: [5 * SECOND, MINUTE, 10 * MINUTE, 45 * MINUTE],
        jitter: 0.1,
        maxRetryAfterMs: HOUR,
        failuresUntilInactive: 5,
        probeAfterMs: MINUTE,
        maxConcurrent: 64,
        ...parts.sender,
      },
      clients: { [WEBHOOK]: this.client, ...parts.otherClients },
      leaseMs: LEASE_MS,
      pollMs: 1000,
      runTurn: async (turn) => {
        await this.#run(turn, runTurn);
        return endTurn(turn, this);
      },
    });
  }

  static async started(parts: TestEngineParts = {}): Promise<TestEngine> {
    const engine = new TestEngine(parts);
    await engine.engine.start();
    await engine.engine.whenIdle();
    return engine;
  }

  /** Takes in one event per id, in order. */
  async accept(conversationId: string, ...ids: string[]): Promise<void> {
    for (const id of ids) await this.engine.accept(newEvent(conversationId, id));
  }

  /** Takes in one event of each conversation, all at once. The events have the conversations' names. */
  async acceptAtOnce(...conversations: string[]): Promise<void> {
    const events = conversations.map((conversation): NewInboxEvent => newEvent(conversation, conversation));
    await Promise.all(events.map((event) => this.engine.accept(event)));
  }

  /** Stages one message per id outside of any turn, all in one commit. */
  async stage(conversationId: string, ...ids: string[]): Promise<void> {
    const messages = ids.map((id) => newMessage(conversationId, id));
    await this.engine.stage(messages, undefined);
  }

  /** What a turn sends: `<event id>.<k>`. */
  async reply(turn: ClaimedTurn, k: number): Promise<void> {
    const { id, conversationId, source } = turn.event;
    const message = newMessage(conversationId, `${id}.${k}`, { reportsFailure: source === 'platform' });
    await this.engine.stage([message], turn);
  }

  idle(): Promise<void> {
    return this.engine.whenIdle();
  }

  async #run(turn: ClaimedTurn, runTurn: TestTurn): Promise<void> {
    const { id, conversationId } = turn.event;
    if (this.#running.has(conversationId)) this.overlaps.push(id);
    this.#running.add(conversationId);
    this.mostTurnsAtOnce = Math.max(this.mostTurnsAtOnce, this.#running.size);
    this.ran.push(id);
    try {
      await runTurn(turn, this);
    } finally {
      this.#running.delete(conversationId);
    }
  }
}
