import { z } from 'zod';
import type { OperatorAnswer, OperatorCommand } from './operatorCommands';

const id = z.string();

const commandSchema: z.ZodType<OperatorCommand> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ping') }),
  z.object({
    kind: z.enum(['replayDeadLetter', 'discardDeadLetter', 'replayQuarantined', 'discardQuarantined']),
    id,
  }),
  z.object({ kind: z.literal('tie'), agentConversationId: id, botConversationId: id }),
  z.object({ kind: z.literal('reactivate'), destination: id }),
]);

const answerSchema: z.ZodType<OperatorAnswer> = z.discriminatedUnion('status', [
  z.object({ status: z.literal('done') }),
  z.object({ status: z.literal('refused'), code: z.string(), message: z.string() }),
]);

/** Reads a command as a store's column holds it. @returns `undefined` for one that this version does not know. */
export function fromCommandJson(json: string): OperatorCommand | undefined {
  return commandSchema.safeParse(JSON.parse(json)).data;
}

/** Reads an answer as a store's column holds it. */
export function fromAnswerJson(json: string): OperatorAnswer {
  return answerSchema.parse(JSON.parse(json));
}
