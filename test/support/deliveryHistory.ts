import assert from 'node:assert/strict';
import type { SendOutcome } from '../../src/delivery/sendOutcome';
import { MemoryStore } from '../../src/store/memoryStore';
import { ManualClock } from '../../src/testing/manualClock';
import type { DeliveryOperation } from './deliveryOperations';
import { letEventLoopTurn } from './eventLoop';
import { interceptStore } from './interceptStore';
import { MortalStore } from './mortalStore';
import { ScriptedClient } from './scriptedClient';
import { accepted } from './sendOutcomes';
import { HOUR, LEASE_MS, newEvent } from './storeSamples';
import { TestEngine, type TestTurn } from './testEngine';

/** How the turn of one event goes. */
interface TurnScript {
  readonly messages: number;
  /** Runs that fail before one ends well. */
  failures: number;
}

interface Replica {
  readonly engine: TestEngine;
  readonly client: ScriptedClient;
  readonly kill: () => void;
  /** Conversations whose turn it runs. */
  readonly running: Set<string>;
}

/** Runs a history on two replicas and one store, and checks the invariants I2 to I5 on the way. */
export class DeliveryHistory {
  readonly #shared = new MemoryStore();
  readonly #clock = new ManualClock();
  readonly #replicas: Replica[] = [];
  readonly #scripts = new Map<string, TurnScript>();
  /** Events that were stored, by conversation, in order. */
  readonly #stored = new Map<string, string[]>();
  /** Events in the order in which their turns began, by conversation. */
  readonly #runs = new Map<string, string[]>();
  readonly #staged = new Set<string>();
  /** Messages in the order in which they were accepted, by conversation. */
  readonly #accepted = new Map<string, string[]>();
  /** Turns that began while another of their conversation ran. */
  readonly #overlaps: string[] = [];
  #outcomes: SendOutcome[] = [];
  #storeFailures = 0;
  #lostAnswers = 0;
  #serial = 0;

  async start(): Promise<void> {
    for (let index = 0; index < 2; index++) this.#replicas.push(await this.#startReplica());
  }

  async run(operation: DeliveryOperation): Promise<void> {
    switch (operation.kind) {
      case 'accept':
        return this.#accept(operation);
      case 'outcomes':
        this.#outcomes.push(...operation.outcomes);
        return;
      case 'storeFails':
        this.#storeFailures += operation.times;
        return;
      case 'answersGetLost':
        this.#lostAnswers += operation.times;
        return;
      case 'advance':
        return this.#clock.advance(operation.byMs);
      case 'turnLoop':
        return letEventLoopTurn(operation.rounds);
      case 'crash':
        return this.#crash(operation.replica);
    }
  }

  /** Lets everything go well from now on, and checks that nothing is left, lost, doubled or out of order. */
  async finish(): Promise<void> {
    this.#outcomes = [];
    this.#storeFailures = 0;
    this.#lostAnswers = 0;
    for (let round = 0; round < 4; round++) {
      for (const { engine } of this.#replicas) engine.engine.wake();
      await this.#clock.advance(round === 0 ? 3 * LEASE_MS : HOUR);
    }
    assert.deepEqual(this.#overlaps, [], 'two turns at the same time');
    for (const { client } of this.#replicas)
      assert.deepEqual(client.overlaps, [], 'two sends at the same time');
    const { waitingEvents, waitingMessages } = await this.#shared.stats();
    assert.deepEqual({ waitingEvents, waitingMessages }, { waitingEvents: 0, waitingMessages: 0 });
    for (const conversation of this.#stored.keys()) await this.#check(conversation);
  }

  async #check(conversation: string): Promise<void> {
    const events = this.#stored.get(conversation) ?? [];
    assert.deepEqual(withoutRepeats(this.#runs.get(conversation) ?? []), events, 'turns out of order');

    const letters = await this.#shared.listDeadLetters({ limit: 1000 });
    const dead = new Set(letters.map(({ id }) => id));
    const delivered = withoutRepeats(this.#accepted.get(conversation) ?? []);
    const messages = events.flatMap((event) => [`${event}.1`, `${event}.2`]);
    const inOrder = messages.filter((id) => delivered.includes(id));
    assert.deepEqual(delivered, inOrder, 'messages doubled or out of order');
    const lost = messages.filter((id) => this.#staged.has(id) && !dead.has(id) && !delivered.includes(id));
    assert.deepEqual(lost, [], 'messages lost');
  }

  async #accept({ conversation, replica, ...script }: Extract<DeliveryOperation, { kind: 'accept' }>) {
    const id = `${conversation}-${++this.#serial}`;
    this.#scripts.set(id, { ...script });
    const accepting = this.#replicas[replica]?.engine.engine.accept(newEvent(conversation, id));
    const outcome = await accepting?.catch(() => 'refused');
    if (outcome === 'stored') append(this.#stored, conversation, id);
  }

  async #crash(index: number): Promise<void> {
    this.#replicas[index]?.kill();
    this.#replicas[index]?.running.clear();
    this.#replicas[index] = await this.#startReplica();
  }

  async #startReplica(): Promise<Replica> {
    const mortal = new MortalStore(interceptStore(this.#shared, (method, run) => this.#reach(method, run)));
    const client = new ScriptedClient();
    client.script = ({ conversationId, id }) => {
      const outcome = this.#outcomes.shift() ?? accepted;
      if (outcome.kind === 'accepted') append(this.#accepted, conversationId, id);
      return outcome;
    };
    const running = new Set<string>();
    const engine = new TestEngine({
      store: mortal.store,
      clock: this.#clock,
      client,
      turns: { maxConcurrent: 2 },
      sender: { maxConcurrent: 2 },
      runTurn: (turn, self) => this.#runTurn(turn, self, running),
    });
    await engine.engine.start();
    return { engine, client, running, kill: () => mortal.kill() };
  }

  async #reach(method: string, run: () => Promise<unknown>): Promise<unknown> {
    if (this.#storeFailures > 0 && method !== 'open' && method !== 'loadHealth') {
      this.#storeFailures--;
      throw new Error('the store is down');
    }
    const answer = await run();
    // An event whose answer got lost comes again in real life; here it would only blur what was stored.
    if (this.#lostAnswers > 0 && !['open', 'loadHealth', 'accept'].includes(method)) {
      this.#lostAnswers--;
      throw new Error('the connection to the store broke');
    }
    return answer;
  }

  async #runTurn(...[turn, engine, running]: [...Parameters<TestTurn>, Set<string>]): Promise<void> {
    const { id, conversationId, source } = turn.event;
    if (source === 'deliveryFailed') return;
    const isRunning = this.#replicas.some((replica) => replica.running.has(conversationId));
    if (isRunning || running.has(conversationId)) this.#overlaps.push(id);
    running.add(conversationId);
    append(this.#runs, conversationId, id);
    try {
      const script = this.#scripts.get(id) ?? { messages: 0, failures: 0 };
      for (let k = 1; k <= script.messages; k++) {
        await letEventLoopTurn(1);
        await engine.reply(turn, k);
        this.#staged.add(`${id}.${k}`);
      }
      if (script.failures-- > 0) throw new Error('the bot is broken');
    } finally {
      running.delete(conversationId);
    }
  }
}

function append(lists: Map<string, string[]>, key: string, item: string): void {
  lists.set(key, [...(lists.get(key) ?? []), item]);
}

/** What comes several times in a row counts once. */
function withoutRepeats(items: readonly string[]): string[] {
  return items.filter((item, index) => item !== items[index - 1]);
}
