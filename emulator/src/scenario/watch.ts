import type { World } from '../world';

/** What is watched, and how one hears that it changed. */
export interface Watched {
  world(): World;
  subscribe(listener: () => void): () => void;
}

/**
 * Looks at the world for all who wait for something in it: once in a round of the event loop, however much changes in
 * it, and at one world for all. Hundreds of customers may wait at the same time.
 */
export class Watch {
  readonly #watched: Watched;
  readonly #looks = new Set<() => void>();
  #unsubscribe: (() => void) | undefined;
  #next: NodeJS.Immediate | undefined;
  /** While it is looked at. */
  #world: World | undefined;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  get world(): World {
    return this.#world ?? this.#watched.world();
  }

  /** Calls `look` after changes. @returns What ends it. */
  add(look: () => void): () => void {
    this.#looks.add(look);
    this.#unsubscribe ??= this.#watched.subscribe(() => {
      this.#next ??= setImmediate(() => this.#lookAll());
    });
    return () => this.#remove(look);
  }

  #remove(look: () => void): void {
    this.#looks.delete(look);
    if (this.#looks.size > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    clearImmediate(this.#next);
    this.#next = undefined;
  }

  #lookAll(): void {
    this.#next = undefined;
    this.#world = this.#watched.world();
    for (const look of [...this.#looks]) look();
    this.#world = undefined;
  }
}
