import { type ConversationRecord, isEventful, isGated } from '../conversationRecord';
import type { ConversationChange, ConversationStep } from '../deliveryStore';
import { toRecordJson } from '../recordJson';
import type { KnownConversation } from './knownConversation';
import type { OneAtATime } from './oneAtATime';
import type { OperationOutcome } from './operations';

/**
 * Runs an operation together with what it does to a conversation. A step is a function of ours, so the database is
 * told first only that there is one. If it has a say, the database stores nothing and answers with what is known; the
 * step is taken here, and goes with the operation, which is run again, and stored only if the database knows nothing
 * newer. What a step has no say in costs one round trip, as ever.
 *
 * @param conversationId The conversation that the step is about.
 * @param run Runs the operation with the step's fields.
 * @param steps Steps of this process that are under way.
 * @returns The outcome; `'refused'` when the step refuses.
 */
export async function followConversation(
  conversationId: string,
  step: ConversationStep,
  run: (fields: object) => Promise<OperationOutcome>,
  steps: OneAtATime,
): Promise<OperationOutcome | 'refused'> {
  const look = () => run({ when: step.when });
  // What is looked up while others take their steps is stale before it can be used.
  if (steps.isBusy(conversationId)) {
    return steps.run(conversationId, async () => takeStep(await look(), step, run));
  }
  const outcome = await look();
  if (outcome.known === undefined) return outcome;
  return steps.run(conversationId, () => takeStep(outcome, step, run));
}

async function takeStep(
  first: OperationOutcome,
  step: ConversationStep,
  run: (fields: object) => Promise<OperationOutcome>,
): Promise<OperationOutcome | 'refused'> {
  let outcome = first;
  while (outcome.known !== undefined) {
    const change = take(step, outcome.known.record);
    if (change.kind === 'refused') return 'refused';
    outcome = await run(changeFields(outcome.known, change));
  }
  return outcome;
}

/** A change as the database takes it: from which version, and to what if there is any. */
export function changeFields({ version }: KnownConversation, change: ConversationChange): object {
  if (change.kind !== 'changed') return { version };
  const { record, notices } = change;
  return {
    version,
    record: toRecordJson(record),
    kind: record.kind,
    eventful: isEventful(record),
    gated: isGated(record),
    notices,
  };
}

function take(
  { when, update }: ConversationStep,
  record: ConversationRecord | undefined,
): ConversationChange {
  const hasSay = when === 'always' || (record !== undefined && isEventful(record));
  return hasSay ? update(record) : { kind: 'unchanged' };
}
