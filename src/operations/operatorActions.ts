import { errorName, WebexConnectError, WebexConnectNotSupportedError } from '../errors';
import type { OperatorAnswer, OperatorCommand } from '../store/operatorCommands';
import type { Conversations } from './conversations';
import type { DeadLetters } from './deadLetters';
import type { Quarantine } from './quarantine';

/** What carries out the commands of operators: the same that a bot's own code has. */
export interface OperatorActions {
  readonly deadLetters: Pick<DeadLetters, 'replay' | 'discard'>;
  readonly quarantine: Pick<Quarantine, 'replay' | 'discard'>;
  readonly conversations: Pick<Conversations, 'tie'>;
  /** @throws {WebexConnectNotFoundError} when there is no such destination. */
  reactivate(destination: string): Promise<void>;
}

/**
 * Carries out a command. Never rejects.
 *
 * @param command `undefined` for one of another version of this package.
 */
export async function carryOut(
  actions: OperatorActions,
  command: OperatorCommand | undefined,
): Promise<OperatorAnswer> {
  try {
    await act(actions, command);
    return { status: 'done' };
  } catch (error) {
    if (error instanceof WebexConnectError) {
      return { status: 'refused', code: error.code, message: error.message };
    }
    // The message of another error may quote a customer (I9).
    return { status: 'refused', code: 'FAILED', message: `The bot failed to do it: ${errorName(error)}.` };
  }
}

async function act(actions: OperatorActions, command: OperatorCommand | undefined): Promise<void> {
  switch (command?.kind) {
    case 'ping':
      return;
    case 'replayDeadLetter':
      return actions.deadLetters.replay(command.id);
    case 'discardDeadLetter':
      return actions.deadLetters.discard(command.id);
    case 'replayQuarantined':
      return actions.quarantine.replay(command.id);
    case 'discardQuarantined':
      return actions.quarantine.discard(command.id);
    case 'tie':
      return actions.conversations.tie(command.agentConversationId, command.botConversationId);
    case 'reactivate':
      return actions.reactivate(command.destination);
    case undefined:
      throw new WebexConnectNotSupportedError(
        'The bot does not know this command. Use the webex-connect-bot of the version that the bot runs on.',
      );
  }
}
