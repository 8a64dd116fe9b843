import type { Violation, ViolationRule } from '../world';

/** More than anybody reads; the latest are kept. */
const MAX_VIOLATIONS = 1000;

/** The violations found so far. */
export class ViolationList {
  readonly #now: () => number;
  #violations: Violation[] = [];
  #count = 0;

  /** @param now The emulator's time. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get all(): readonly Violation[] {
    return [...this.#violations];
  }

  add(
    rule: ViolationRule,
    conversationId: string | undefined,
    message: string,
    evidence: readonly string[],
  ): void {
    const id = `violation-${++this.#count}`;
    this.#violations.push({ id, rule, at: this.#now(), conversationId, message, evidence });
    if (this.#violations.length > MAX_VIOLATIONS) this.#violations.shift();
  }

  clear(): void {
    this.#violations = [];
  }
}
