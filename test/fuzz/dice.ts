import { seededRandom } from '../faults/support/seededRandom';

/** Choices that are the same for the same seed and number. */
export class Dice {
  readonly #random: () => number;

  /** @param number Which of a run's bodies it is for: each can be made again without those before it. */
  constructor(seed: number, number: number) {
    this.#random = seededRandom((Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b)) | 0);
  }

  /** An integer from 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('There is nothing to pick from.');
    return item;
  }

  /** What one of the functions makes. */
  choose<Result>(makers: readonly (() => Result)[]): Result {
    return this.pick(makers)();
  }

  /** One of the entries, in proportion to their weights. */
  weigh<Entry extends { readonly weight: number }>(
    entries: Readonly<Record<string, Entry>>,
  ): [string, Entry] {
    const all = Object.entries(entries);
    let left = this.#random() * all.reduce((sum, [, { weight }]) => sum + weight, 0);
    for (const [name, entry] of all) {
      left -= entry.weight;
      if (left < 0) return [name, entry];
    }
    throw new RangeError('There is nothing to weigh.');
  }
}
