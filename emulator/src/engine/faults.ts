import type { z } from 'zod';
import type { FaultControl } from '../emulatorApi';
import { FAULT } from '../scenario/vocabulary';
import type { FaultEffect, FaultMatch, FaultRule } from '../world';
import type { SeededIds } from './seededIds';

/** What a fault can be played on. */
export interface FaultTarget {
  readonly direction: FaultRule['direction'];
  /** `Event` or `eventid`. */
  readonly event: string;
  readonly conversationIds: readonly (string | undefined)[];
  /** By name; undefined for what belongs to none. */
  readonly customer: string | undefined;
  readonly attempt: number;
  /** Tells this from everything else that is drawn for. */
  readonly identity: string;
}

interface Rule {
  readonly id: string;
  readonly direction: FaultRule['direction'];
  readonly match: FaultMatch;
  readonly effect: FaultEffect;
  played: number;
}

/** The rules that say what goes wrong. The first one that matches is played. */
export class Faults implements FaultControl {
  readonly #ids: SeededIds;
  readonly #changed: () => void;
  #rules: Rule[] = [];
  #count = 0;
  readonly #played = new Set<FaultRule['direction']>();

  /** @param changed Called after each change of the rules. */
  constructor(ids: SeededIds, changed: () => void) {
    this.#ids = ids;
    this.#changed = changed;
  }

  add(rule: { direction: 'toBot' | 'fromBot'; match?: FaultMatch; effect: FaultEffect }): FaultRule {
    const { direction, match = {}, effect } = checked(rule);
    const added: Rule = { id: `fault-${++this.#count}`, direction, match, effect, played: 0 };
    this.#rules.push(added);
    this.#changed();
    return { ...added };
  }

  remove(id: string): void {
    this.#rules = this.#rules.filter((rule) => rule.id !== id);
    this.#changed();
  }

  clear(): void {
    this.#rules = [];
    this.#changed();
  }

  view(): readonly FaultRule[] {
    return this.#rules.map((rule) => ({ ...rule }));
  }

  /** Whether any fault was ever played in this direction, even if its rule is gone. */
  haveBeenPlayed(direction: FaultRule['direction']): boolean {
    return this.#played.has(direction);
  }

  /** Whether there is a rule that holds back what goes in this direction. */
  canReorder(direction: FaultRule['direction']): boolean {
    return this.#rules.some((rule) => rule.direction === direction && rule.effect.kind === 'reorder');
  }

  /** The fault to play on `target`, if any. Stamps are not its business: see {@link skewOf}. */
  pick(target: FaultTarget): FaultEffect | undefined {
    return this.#play(target, (effect) => effect.kind !== 'clockSkew');
  }

  /** Milliseconds by which the stamp of `target` is off. All attempts of an event share one stamp. */
  skewOf(target: FaultTarget): number {
    const effect = this.#play(target, ({ kind }) => kind === 'clockSkew');
    return effect?.kind === 'clockSkew' ? effect.skewMs : 0;
  }

  #play(target: FaultTarget, isMeant: (effect: FaultEffect) => boolean): FaultEffect | undefined {
    const rule = this.#rules.find(
      (candidate) => isMeant(candidate.effect) && this.#matches(candidate, target),
    );
    if (rule === undefined) return undefined;
    rule.played++;
    this.#played.add(rule.direction);
    return rule.effect;
  }

  #matches({ id, direction, match, played }: Rule, target: FaultTarget): boolean {
    if (direction !== target.direction) return false;
    if (match.event !== undefined && match.event !== target.event) return false;
    if (match.conversationId !== undefined && !target.conversationIds.includes(match.conversationId))
      return false;
    if (match.customer !== undefined && match.customer !== target.customer) return false;
    if (match.attempt !== undefined && match.attempt !== target.attempt) return false;
    if (match.times !== undefined && played >= match.times) return false;
    if (match.probability === undefined) return true;
    return this.#ids.draw(id, target.identity, String(target.attempt)) < match.probability;
  }
}

/** A name that is misspelt would match everything, and so would an ID that is not there yet. */
function checked(rule: object): z.infer<typeof FAULT> {
  const parsed = FAULT.safeParse(rule);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw new TypeError(`faults.add: ${problems.join('; ')}`);
}

/** What was played, in words, for the wire's log; `undefined` when nothing was. */
export function describeFaults(effect: FaultEffect | undefined, skewMs: number): string | undefined {
  const played = [
    ...(effect === undefined ? [] : [describeFault(effect)]),
    ...(skewMs === 0 ? [] : [describeFault({ kind: 'clockSkew', skewMs })]),
  ];
  return played.length === 0 ? undefined : played.join(', ');
}

/** What the wire says of an entry that the user has sent again, where it tells of faults. */
export const SENT_BY_HAND = 'sent again by hand';

/** A fault in words. */
export function describeFault(effect: FaultEffect): string {
  switch (effect.kind) {
    case 'refuse':
      return 'connection refused';
    case 'timeOut':
      return 'no answer';
    case 'answerLate':
      return `answer ${effect.delayMs} ms late`;
    case 'status':
      return `answered ${effect.status}${effect.retryAfterSeconds === undefined ? '' : `, Retry-After ${effect.retryAfterSeconds}`}`;
    case 'resetAfterSend':
      return 'reset after the bytes were sent';
    case 'duplicate':
      return `${effect.copies} more of the same`;
    case 'reorder':
      return 'held back until the next one';
    case 'truncate':
      return `cut after ${effect.bytes} bytes`;
    case 'clockSkew':
      return `stamps off by ${effect.skewMs} ms`;
  }
}
