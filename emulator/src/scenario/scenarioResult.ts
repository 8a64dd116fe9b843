import type { Violation } from '../world';

/** What became of one step. */
export interface StepResult {
  readonly title: string;
  readonly line: number | undefined;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly tookMs: number;
  /** Why it failed. */
  readonly problem: string | undefined;
}

/** What became of a scenario. Plain data. */
export interface ScenarioResult {
  readonly name: string;
  readonly file: string | undefined;
  readonly passed: boolean;
  /** What ids and probabilities were drawn from; undefined when who ran it did not say. */
  readonly seed: number | undefined;
  readonly tookMs: number;
  readonly steps: readonly StepResult[];
  /** What the judge saw, expected or not. */
  readonly violations: readonly Violation[];
  /** What was not played as written. */
  readonly notes: readonly string[];
}
