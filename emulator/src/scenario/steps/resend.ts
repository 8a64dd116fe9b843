import type { EventToBot } from '../../world';
import type { Stage } from '../stage';
import { StepFailure } from '../stepFailure';

/** Which event: the latest, or counted back from it, of a customer and of a name when they are given. */
export interface EventChoice {
  readonly customer?: string | undefined;
  readonly event?: string | undefined;
  readonly back: number;
}

/** Sends an event once more, as it was. */
export async function resend(stage: Stage, { customer, event, back }: EventChoice): Promise<void> {
  const conversationId = customer === undefined ? undefined : stage.conversationId(customer);
  const events = stage.world.wire.filter(
    (entry): entry is EventToBot =>
      entry.kind === 'toBot' &&
      (event === undefined || entry.event === event) &&
      (conversationId === undefined || entry.conversationId === conversationId),
  );
  const chosen = events.at(-1 - back);
  if (chosen === undefined) throw new StepFailure('There is no such event to send once more.');
  await stage.emulator.resend(chosen.id);
}
