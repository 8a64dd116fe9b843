import type { Clock } from '../../../clock';
import { reactivateInStore, WEBHOOK_DESTINATION } from '../../../delivery/destinations';
import { WebexConnectNotFoundError, WebexConnectNotRunningError } from '../../../errors';
import { WEBEX_CONNECT_CHANNEL_ID } from '../../../protocol/eventNames';
import type { DeliveryStore } from '../../../store/deliveryStore';
import type { OperatorAnswer, OperatorCommand } from '../../../store/operatorCommands';
import { Conversations } from '../../conversations';
import { DeadLetters } from '../../deadLetters';
import { carryOut, type OperatorActions } from '../../operatorActions';
import { Quarantine } from '../../quarantine';
import type { Outcome } from './operatorStore';

/** Carries out commands, in their order, on a store that this process may write. No bot runs in it: nothing is woken. */
export async function actOnStore(
  store: DeliveryStore,
  clock: Clock,
  commands: readonly OperatorCommand[],
): Promise<Outcome[]> {
  const actions = actionsOn(store, clock);
  const act = async (command: OperatorCommand) => toOutcome(await carryOut(actions, command));
  // Begun in their order, which the one owner of a store keeps; so one commit serves them all.
  if (!store.isShared) return Promise.all(commands.map(act));
  const outcomes: Outcome[] = [];
  for (const command of commands) outcomes.push(await act(command));
  return outcomes;
}

function actionsOn(store: DeliveryStore, clock: Clock): OperatorActions {
  const wake = () => {};
  return {
    deadLetters: new DeadLetters(store, wake),
    quarantine: new Quarantine(store, needBot, wake),
    conversations: new Conversations(store, clock, WEBEX_CONNECT_CHANNEL_ID, wake),
    reactivate: (destination) => reactivate(store, destination),
  };
}

/** How a request is read is up to the bot's options. */
async function needBot(): Promise<never> {
  throw new WebexConnectNotRunningError('Only a running bot can read a request again. Start it first.');
}

async function reactivate(store: DeliveryStore, destination: string): Promise<void> {
  const known = await store.listDestinations();
  if (destination !== WEBHOOK_DESTINATION && !known.includes(destination)) {
    throw new WebexConnectNotFoundError(
      `The store knows no destination '${destination}': it has never failed, or its name is another.`,
    );
  }
  await reactivateInStore(store, destination);
}

function toOutcome(answer: OperatorAnswer): Outcome {
  const needsBot = answer.status === 'refused' && answer.code === 'WEBEX_CONNECT_NOT_RUNNING';
  return needsBot ? { status: 'noBot' } : answer;
}
