import fc from 'fast-check';
import type { ModelSettlement } from './laneModel';

/** One step of a random history of a queue. */
export type QueueOperation =
  | { readonly kind: 'push'; readonly lane: string; readonly claimAs: string | undefined }
  | { readonly kind: 'claim'; readonly worker: string; readonly limit: number }
  | {
      readonly kind: 'settle';
      /** Which of the claims made so far, the stale ones among them. */
      readonly which: number;
      readonly settlement: ModelSettlement;
      readonly delayMs: number;
      readonly claimsNext: boolean;
    }
  | { readonly kind: 'advance'; readonly byMs: number }
  | { readonly kind: 'renew' | 'release'; readonly worker: string };

const lane = fc.constantFrom('c1', 'c2', 'c3');
const worker = fc.constantFrom('a', 'b');

/** Random histories, in which leases of 30 s run out now and then, and claims are settled in one of the ways named. */
export function queueOperations(settlements: readonly ModelSettlement[]): fc.Arbitrary<QueueOperation[]> {
  return fc.array(operation(fc.constantFrom(...settlements)), { maxLength: 60 });
}

function operation(settlement: fc.Arbitrary<ModelSettlement>): fc.Arbitrary<QueueOperation> {
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('push' as const),
        lane,
        claimAs: fc.option(worker, { nil: undefined }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('claim' as const), worker, limit: fc.nat(3) }) },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('settle' as const),
        which: fc.nat(100),
        settlement,
        delayMs: fc.constantFrom(0, 1, 5000, 40_000),
        claimsNext: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('advance' as const),
        byMs: fc.constantFrom(1, 5000, 29_999, 30_000),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('renew' as const, 'release' as const), worker }),
    },
  );
}
