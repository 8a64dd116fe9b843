import fc from 'fast-check';
import type { SendOutcome } from '../../src/delivery/sendOutcome';
import { accepted, failed, refusedMessage, timedOut } from './sendOutcomes';

/** One step of a random history of two replicas. */
export type DeliveryOperation =
  | {
      readonly kind: 'accept';
      readonly conversation: string;
      readonly replica: number;
      readonly messages: number;
      readonly failures: number;
    }
  | { readonly kind: 'outcomes'; readonly outcomes: readonly SendOutcome[] }
  /** The store does nothing, or does it and cannot say so. */
  | { readonly kind: 'storeFails' | 'answersGetLost'; readonly times: number }
  | { readonly kind: 'advance'; readonly byMs: number }
  | { readonly kind: 'turnLoop'; readonly rounds: number }
  | { readonly kind: 'crash'; readonly replica: number };

const kind = <Kind extends string>(name: Kind) => fc.constant(name);
const replica = fc.nat(1);
const outcome = fc.constantFrom<SendOutcome[]>(accepted, failed, failed, timedOut, refusedMessage);

const accept = fc.record({
  kind: kind('accept'),
  conversation: fc.constantFrom('c1', 'c2', 'c3'),
  replica,
  messages: fc.nat(2),
  failures: fc.constantFrom(0, 0, 0, 1, 2, 5),
});

/** Random histories: events, failures of webhook, store, bot and process, and time that goes by. */
export const deliveryOperations: fc.Arbitrary<DeliveryOperation[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: accept },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: kind('outcomes'),
        outcomes: fc.array(outcome, { minLength: 1, maxLength: 6 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('storeFails' as const, 'answersGetLost' as const),
        times: fc.integer({ min: 1, max: 12 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: kind('advance'),
        byMs: fc.constantFrom(0, 100, 1000, 5000, 31_000, 60_000),
      }),
    },
    { weight: 4, arbitrary: fc.record({ kind: kind('turnLoop'), rounds: fc.integer({ min: 1, max: 6 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: kind('crash'), replica }) },
  ),
  { maxLength: 40 },
);
