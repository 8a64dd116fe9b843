import type { Clock } from '../clock';
import type { DestinationClient } from '../delivery/webhookClient';
import type { JsonObject, JsonValue } from '../protocol/json';
import type { CustomParams } from '../protocol/outboundPayload';
import type { HourClock } from '../protocol/timestamps';
import type { TranscriptLine } from '../protocol/transcript';

/** What a contact centre is told when the bot hands a conversation over. */
export interface HandoverRequest {
  /** Unique, and the same whenever the handover is sent again. */
  readonly id: string;
  /** The BOT conversation's ID. */
  readonly conversationId: string;
  /** `Channel` of the latest event that named one, where a `ConversationTracker` keeps it. */
  readonly channel: string | undefined;
  /** Milliseconds since the epoch. */
  readonly requestedAt: number;
  /** The hand-off's context: what the bot gave `createHandoffInitiation`, as JSON. */
  readonly context: JsonValue | undefined;
  /** What was said, oldest first: the latest part of it. */
  readonly transcript: readonly TranscriptLine[];
  /** `channelData.webexConnect.customParams` of the bot's event. */
  readonly customParams: CustomParams;
}

/** What a bridge needs to know to write for Webex Connect. */
export interface BridgeConventions {
  readonly hourClock: HourClock;
}

/** How a destination's client is made. */
export interface DestinationSettings {
  /** Milliseconds for one attempt, connecting included. */
  readonly timeoutMs: number;
  readonly maxConnections: number;
}

/** A contact centre's own endpoint. */
export interface CcspDestination {
  /** Names the destination in the store, in health and in logs; unique, and the same after a restart. */
  readonly name: string;
  /** Makes what sends to it. Called once, when the adapter comes to know of the destination. */
  createClient(settings: DestinationSettings, clock: Clock): DestinationClient;
}

/**
 * Takes handovers to a contact centre. What it composes goes through the adapter's durable outbox: the same retries,
 * the same health, per destination.
 */
export interface CcspBridge {
  /** `webhook` is the integration's own webhook, in order with the bot's replies. */
  readonly destination: 'webhook' | CcspDestination;
  /**
   * Writes the handover as JSON. Pure: called before anything is stored, and once more when the handover is.
   *
   * @throws {WebexConnectInvalidActivityError} when it cannot be written; then nothing is sent.
   */
  compose(handover: HandoverRequest, conventions: BridgeConventions): JsonObject;
}
