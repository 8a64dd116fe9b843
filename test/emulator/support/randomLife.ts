import fc from 'fast-check';
import type { Dialect, FaultEffect } from '../../../emulator/src';

/** What happens next. */
export type Step =
  | { readonly kind: 'says' | 'taps'; readonly who: string; readonly text: string }
  | { readonly kind: 'agent' | 'close'; readonly who: string }
  | { readonly kind: 'jump'; readonly milliseconds: number }
  | { readonly kind: 'restart' | 'rest' };

interface Trouble {
  readonly direction: 'toBot' | 'fromBot';
  readonly effect: FaultEffect;
  readonly probability: number;
}

/** What two customers, an agent, the network and an operator do to a bot. */
export interface RandomLife {
  readonly seed: number;
  readonly dialect: Dialect;
  readonly steps: readonly Step[];
  readonly troubles: readonly Trouble[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const who = fc.constantFrom('Ada', 'Bob');

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('says' as const, 'taps' as const),
      who,
      text: fc.constantFrom('ok', 'x', 'twice'),
    }),
  },
  {
    weight: 2,
    arbitrary: who.map((name): Step => ({ kind: 'says', who: name, text: 'an agent, please' })),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('agent' as const, 'close' as const), who }) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(SECOND, 10 * SECOND, 2 * MINUTE, 30 * MINUTE)
      .map((milliseconds): Step => ({ kind: 'jump', milliseconds })),
  },
  { weight: 3, arbitrary: fc.constantFrom<Step>({ kind: 'restart' }, { kind: 'rest' }, { kind: 'rest' }) },
);

const effect = fc.constantFrom<FaultEffect>(
  ...[400, 429, 500, 503].map((status) => ({ kind: 'status' as const, status })),
  { kind: 'refuse' },
  { kind: 'timeOut' },
  { kind: 'resetAfterSend' },
  { kind: 'answerLate', delayMs: 1 },
  { kind: 'duplicate', copies: 1 },
  { kind: 'truncate', bytes: 9 },
  { kind: 'reorder' },
);

export const randomLives: fc.Arbitrary<RandomLife> = fc.record({
  seed: fc.nat(1_000_000),
  dialect: fc.constantFrom<Dialect>('documented', 'withoutMessageid', 'sloppyCasing'),
  steps: fc.array(steps, { minLength: 1, maxLength: 12 }),
  troubles: fc.array(
    fc.record({
      direction: fc.constantFrom('toBot' as const, 'fromBot' as const),
      effect,
      probability: fc.constantFrom(0.2, 0.5, 1),
    }),
    { maxLength: 3 },
  ),
});
