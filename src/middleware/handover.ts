import { EventFactory, type ResourceResponse, type Transcript, type TurnContext } from 'botbuilder';

/**
 * Hands the conversation over to the contact centre: shorthand for sending
 * `EventFactory.createHandoffInitiation(context, handoffContext, transcript)`.
 *
 * @param handoffContext What the agent should know, as JSON can carry it.
 * @param transcript By default what `AgentMirrorMiddleware` has collated.
 * @returns As soon as the handover is stored; the event `handoff.status` tells what became of it.
 * @throws {WebexConnectInvalidActivityError} when it cannot be written down; then nothing was sent.
 */
export async function handover(
  context: TurnContext,
  handoffContext: object = {},
  transcript?: Transcript,
): Promise<ResourceResponse | undefined> {
  const initiation =
    transcript === undefined
      ? EventFactory.createHandoffInitiation(context, handoffContext)
      : EventFactory.createHandoffInitiation(context, handoffContext, transcript);
  return context.sendActivity(initiation);
}
