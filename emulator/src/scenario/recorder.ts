import { stringify } from 'yaml';
import type { ChatMessage, CustomerView, FaultRule, World } from '../world';
import type { StepData } from './stepKind';

/** What is recorded, and how one hears that it changed. */
export interface Recorded {
  world(): World;
  subscribe(listener: () => void): () => void;
}

/** Nothing is recorded, or something is already. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

interface Recording {
  readonly start: World;
  readonly steps: StepData[];
  readonly seen: Set<string>;
  /** The chats that were looked at last, which are the same as long as nothing is said. */
  readonly chats: Map<string, readonly ChatMessage[]>;
  status: World['integration']['status'];
  readonly unsubscribe: () => void;
}

/** Writes down what is done and what comes of it, as a scenario. */
export class Recorder {
  readonly #recorded: Recorded;
  readonly #listeners = new Set<() => void>();
  #recording: Recording | undefined;

  constructor(recorded: Recorded) {
    this.#recorded = recorded;
  }

  get isRecording(): boolean {
    return this.#recording !== undefined;
  }

  /** Calls `listener` when a recording starts and when it ends. @returns What ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#recording !== undefined) throw new RecordingError('A recording is under way already.');
    const start = this.#recorded.world();
    this.#recording = {
      start,
      steps: initialFaults(start),
      seen: new Set(observationsIn(start, start.customers).map(({ id }) => id)),
      chats: new Map(start.customers.map(({ id, chat }) => [id, chat])),
      status: start.integration.status,
      unsubscribe: this.#recorded.subscribe(() => this.#observe()),
    };
    this.#changed();
  }

  /** Ends the recording. @returns The scenario, as YAML. */
  stop(name = 'Recorded'): string {
    const recording = this.#recording;
    if (recording === undefined) throw new RecordingError('No recording is under way.');
    recording.unsubscribe();
    this.#recording = undefined;
    this.#changed();
    return write(name, recording, this.#recorded.world());
  }

  /** Does what `step` says, and writes it down: before what comes of it, and only if it can be done. */
  async record<T>(step: StepData, act: () => T | Promise<T>): Promise<T> {
    this.did(step);
    try {
      return await act();
    } catch (error) {
      this.#forget(step);
      throw error;
    }
  }

  /** Writes down what has been done. */
  did(step: StepData): void {
    this.#recording?.steps.push(step);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #forget(step: StepData): void {
    const steps = this.#recording?.steps ?? [];
    const index = steps.lastIndexOf(step);
    if (index >= 0) steps.splice(index, 1);
  }

  #observe(): void {
    const recording = this.#recording;
    if (recording === undefined) return;
    const world = this.#recorded.world();
    const talkers = world.customers.filter(({ id, chat }) => recording.chats.get(id) !== chat);
    for (const { id, chat } of talkers) recording.chats.set(id, chat);
    for (const { id, step } of observationsIn(world, talkers)) {
      if (recording.seen.has(id)) continue;
      recording.seen.add(id);
      recording.steps.push(step);
    }
    const { status } = world.integration;
    if (status === 'inactive' && recording.status !== status) {
      recording.steps.push({ expect: 'integration', status });
    }
    recording.status = status;
  }
}

/**
 * What a scenario can expect of the bot, by an id that tells what was seen before. No violation: a scenario that shows
 * what a bot does wrong has to fail until it does not.
 */
function observationsIn(
  { desk }: World,
  customers: readonly CustomerView[],
): { id: string; step: StepData }[] {
  const messages = customers.flatMap(({ name, chat }) =>
    chat
      .filter(({ author }) => author === 'bot')
      .map(({ id, text }) => ({ id: `message ${id}`, step: { customer: name, reads: { exactly: text } } })),
  );
  const handovers = desk.map(({ id, customerName }) => ({
    id: `handover ${id}`,
    step: { expect: 'handover', of: customerName },
  }));
  return [...messages, ...handovers];
}

/** What was already going wrong goes wrong in the next run too. */
function initialFaults(world: World): StepData[] {
  return world.faults.flatMap((fault) => faultSteps(world, fault));
}

/** The next run has conversation IDs of its own, and the same customers. Nothing for an ID that nobody has. */
export function faultSteps(world: World, { id, direction, match, effect }: FaultRule): StepData[] {
  const { conversationId, ...rest } = match;
  if (conversationId === undefined) return [{ fault: { name: id, direction, match: rest, effect } }];
  const customer = customerOf(world, conversationId);
  if (customer === undefined) return [];
  return [{ fault: { name: id, direction, match: { ...rest, customer }, effect } }];
}

/** By name. */
function customerOf({ customers, desk }: World, conversationId: string): string | undefined {
  const ofBot = customers.find((customer) => customer.conversationId === conversationId);
  return ofBot?.name ?? desk.find(({ id }) => id === conversationId)?.customerName;
}

function write(name: string, { start, steps }: Recording, end: World): string {
  const named = new Set(steps.flatMap(textsIn));
  const customers = end.customers.filter((customer) => named.has(customer.name));
  const scenario = {
    name,
    settings: {
      platform: start.integration.platform,
      rule: start.rule,
      dialect: start.dialect,
      ...(start.clock.isPaused && { clock: 'paused' }),
      ...(start.integration.status !== 'active' && { verified: false }),
    },
    customers: Object.fromEntries(customers.map((customer) => [customer.name, customer.channel])),
    steps,
  };
  return stringify(scenario, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Whoever is named in a step is named by one of its texts. */
function textsIn(step: unknown): string[] {
  if (typeof step === 'string') return [step];
  return typeof step === 'object' && step !== null ? Object.values(step).flatMap(textsIn) : [];
}
