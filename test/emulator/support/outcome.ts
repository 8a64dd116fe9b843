import type { AgentConversationView, ChatMessage, Violation } from '../../../emulator/src';
import type { Played } from './playScenario';

/** What has to be the same each time that a scenario is played with the same seed: all but how long it took. */
export interface Outcome {
  readonly passed: boolean;
  /** Each step with what became of it. */
  readonly steps: readonly string[];
  readonly chats: Readonly<Record<string, readonly ChatMessage[]>>;
  readonly transcripts: Played['transcripts'];
  readonly handovers: readonly AgentConversationView[];
  readonly violations: readonly Violation[];
  readonly integration: string;
}

/** The outcome of a run; messages, handovers and violations with their IDs and times, for these are drawn and moved. */
export function outcomeOf({ result, world, transcripts }: Played): Outcome {
  const { status, consecutiveFailures } = world.integration;
  return {
    passed: result.passed,
    steps: result.steps.map(({ title, status, problem = '' }) => `${status}: ${title} ${problem}`),
    chats: Object.fromEntries(world.customers.map(({ name, chat }) => [name, chat])),
    transcripts,
    handovers: world.desk,
    violations: result.violations,
    integration: `${status} after ${consecutiveFailures} failures`,
  };
}
