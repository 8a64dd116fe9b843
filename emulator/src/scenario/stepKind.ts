import type { z } from 'zod';
import type { Stage } from './stage';

/** A step as a scenario writes it. */
export type StepData = Readonly<Record<string, unknown>>;

/** A step that is known to be well formed. */
export interface PlannedStep {
  /** In words, for reports. */
  readonly title: string;
  /** @internal */
  run(stage: Stage): Promise<void>;
}

/** Where and why a scenario is not well formed. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Where there is no path that leads to it. */
  readonly line?: number | undefined;
}

/** One kind of step: how it is told, how it is written, what it does. */
export interface StepKind {
  /** What tells it from the other kinds, such as `customer, says` or `expect: handover`. */
  readonly sign: string;
  isWrittenAs(data: StepData): boolean;
  plan(data: StepData): PlannedStep | Problem[];
}

/**
 * @param sign The fields that tell the kind: `['customer', 'says']`, or with a value: `['expect: handover']`.
 */
export function stepKind<Data>(
  sign: readonly string[],
  schema: z.ZodType<Data>,
  plan: (data: Data) => PlannedStep,
): StepKind {
  const fields = sign.map((part) => part.split(': '));
  return {
    sign: sign.join(', '),
    isWrittenAs: (data) =>
      fields.every(([field = '', value]) => field in data && (value === undefined || data[field] === value)),
    plan(data) {
      const parsed = schema.safeParse(data);
      return parsed.success ? plan(parsed.data) : problemsOf(parsed.error);
    },
  };
}

export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.map(({ path, message }) => ({ path: path.map(asKey), message }));
}

function asKey(key: PropertyKey): string | number {
  return typeof key === 'symbol' ? String(key) : key;
}
