import { inspect } from 'node:util';
import { type CanaryName, canariesIn, isSecret } from './canaries';

/** What may stand in a piece of evidence: nothing of anybody, people's words, or canaries by their names. */
export type Permission = 'nothing' | 'words' | readonly CanaryName[];

/** Everything that a run has shown to anybody, and what of it should not have been shown. */
export class Evidence {
  readonly #pieces = new Map<string, number>();
  /** What was found, by place and canary, with the first text of each. */
  readonly #leaks = new Map<string, string>();

  /** @param where Names the place in a failure: `log line at error`, `metrics`. */
  add(where: string, text: string, permission: Permission = 'nothing'): void {
    this.#pieces.set(where, (this.#pieces.get(where) ?? 0) + 1);
    for (const name of canariesIn(text)) {
      if (isPermitted(name, permission)) continue;
      const leak = `${where}: ${name}`;
      if (!this.#leaks.has(leak)) this.#leaks.set(leak, `${leak} in ${excerpt(text)}`);
    }
  }

  /** Everything that somebody who logs an error may come to see. */
  addError(where: string, error: unknown): void {
    for (let one = error, depth = 0; one !== undefined && depth < 10; depth++) {
      this.add(where, String(one));
      if (!(one instanceof Error)) break;
      this.add(where, one.stack ?? '');
      this.add(where, JSON.stringify(one, Object.getOwnPropertyNames(one)));
      one = one.cause;
    }
    this.add(where, inspect(error, { depth: 20, showHidden: true }));
  }

  /** How many pieces came from a place. */
  countOf(where: string): number {
    return this.#pieces.get(where) ?? 0;
  }

  /** What was shown and should not have been; each once for a place. */
  get leaks(): readonly string[] {
    return [...this.#leaks.values()];
  }
}

function isPermitted(name: CanaryName, permission: Permission): boolean {
  if (permission === 'nothing') return false;
  return permission === 'words' ? !isSecret(name) : permission.includes(name);
}

/** Around the first canary, which all begin alike. */
function excerpt(text: string): string {
  const begin = Math.max(text.toLowerCase().indexOf('kana') - 150, 0);
  return text.slice(begin, begin + 300);
}
