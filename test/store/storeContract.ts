import type { DeliveryStore } from '../../src/store/deliveryStore';
import { describeAccepting } from './contract/accepting';
import { describeActivity } from './contract/activity';
import { describeClaimedConversations } from './contract/claimedConversations';
import { describeClaimingSends } from './contract/claimingSends';
import { describeClaimingTurns } from './contract/claimingTurns';
import { describeConversationEvents } from './contract/conversationEvents';
import { describeConversationGate } from './contract/conversationGate';
import { describeConversations } from './contract/conversations';
import { describeConversationTranscripts } from './contract/conversationTranscripts';
import { describeCorrelation } from './contract/correlation';
import { describeDeadLetters } from './contract/deadLetters';
import { describeEventTime } from './contract/eventTime';
import { describeHealth } from './contract/health';
import { describeHistory } from './contract/history';
import { describeLeases } from './contract/leases';
import { describeLifecycle } from './contract/lifecycle';
import { keepStores } from './contract/openStore';
import { describeOperatorCommands } from './contract/operatorCommands';
import { describeQuarantine } from './contract/quarantine';
import { describeQueueModel } from './contract/queueModel';
import { describeSettlingSends } from './contract/settlingSends';
import { describeSettlingTurns } from './contract/settlingTurns';
import { describeStaging } from './contract/staging';
import { describeStats } from './contract/stats';
import { describeTraceContext } from './contract/traceContext';
import { describeTying } from './contract/tying';

/** How much of the contract is tried on an engine. */
export interface StoreContractOptions {
  /** Runs of each property, every one with a store of its own; by default 100. */
  readonly runs?: number;
}

/**
 * What every store must do, whatever its engine: the promises of `src/store/deliveryStore.ts`.
 *
 * @param make Makes an empty store that nobody has opened yet. The suite opens and closes it.
 */
export function describeStoreContract(
  name: string,
  make: () => Promise<DeliveryStore>,
  { runs = 100 }: StoreContractOptions = {},
): void {
  describe(`${name} keeps the store contract`, () => {
    const open = keepStores(make);
    describeLifecycle(make);
    describeAccepting(open);
    describeClaimingTurns(open);
    describeSettlingTurns(open);
    describeStaging(open);
    describeClaimingSends(open);
    describeSettlingSends(open);
    describeLeases(open);
    describeHealth(open);
    describeDeadLetters(open);
    describeQuarantine(open);
    describeCorrelation(open);
    describeConversations(open);
    describeConversationEvents(open);
    describeConversationGate(open);
    describeClaimedConversations(open);
    describeConversationTranscripts(open);
    describeTying(open);
    describeTraceContext(open);
    describeEventTime(open);
    describeHistory(open);
    describeActivity(open);
    describeStats(open);
    describeOperatorCommands(open);
    describeQueueModel(make, runs);
  });
}
