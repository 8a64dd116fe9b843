import { MemoryStore, StoreUnavailableError } from '../../src';
import type { DeliveryStore } from '../../src/store/deliveryStore';
import { interceptStore } from './interceptStore';

type Mood = 'down' | 'hanging';

/** What it says when it is down: no log line, no health and no event may show it. */
export const STORE_SECRET = 'postgres://bot:s3cret@db.example.com';

/** A store that fails, or never answers, for as long as a test says: in all it does, or in some of it. */
export class MoodyStore {
  readonly memory: MemoryStore;
  readonly store: DeliveryStore;
  /** How often each method was called. */
  readonly calls = new Map<string, number>();
  #mood: { readonly mood: Mood; readonly methods: ReadonlySet<string> } | undefined;
  #releases: (() => void)[] = [];

  constructor(memory = new MemoryStore()) {
    this.memory = memory;
    this.store = interceptStore(memory, async (method, run) => {
      this.calls.set(method, this.callsOf(method) + 1);
      const mood = this.#moodFor(method);
      if (mood === 'down') throw new StoreUnavailableError(`cannot reach ${STORE_SECRET}`);
      if (mood === 'hanging') await new Promise<void>((resolve) => this.#releases.push(resolve));
      return run();
    });
  }

  callsOf(method: string): number {
    return this.calls.get(method) ?? 0;
  }

  /** @param methods All but the opening and closing when none is named. */
  be(mood: Mood, ...methods: string[]): void {
    this.#mood = { mood, methods: new Set(methods) };
  }

  /** It answers again; what was asked while it hung is answered too, unless `forgets`. */
  beWell({ forgets = false }: { readonly forgets?: boolean } = {}): void {
    this.#mood = undefined;
    const releases = this.#releases.splice(0);
    if (!forgets) for (const release of releases) release();
  }

  #moodFor(method: string): Mood | undefined {
    if (this.#mood === undefined) return undefined;
    const { mood, methods } = this.#mood;
    if (methods.size > 0) return methods.has(method) ? mood : undefined;
    return method === 'open' || method === 'close' ? undefined : mood;
  }
}
