import type { DestinationHealth } from '../store/deliveryStore';

/** What the delivery engine reports while it works, for logs and counters. Never holds a message's text (I9). */
export interface DeliveryObserver {
  eventAccepted(status: 'stored' | 'duplicate' | 'full'): void;
  turnCompleted(): void;
  turnFailed(turn: { eventId: string; conversationId: string; attempt: number; error: unknown }): void;
  turnQuarantined(turn: { eventId: string; conversationId: string; reason: string }): void;
  messageStaged(count: number): void;
  messageDelivered(): void;
  sendFailed(send: {
    messageId: string;
    conversationId: string;
    attempt: number;
    reason: string;
    isAmbiguous: boolean;
    next: 'retry' | 'held' | 'dead';
  }): void;
  webhookInactive(destination: string, reason: string): void;
  webhookActive(destination: string): void;
  /** A destination has failed once more, or works again; this process or another has seen it. */
  healthChanged(destination: string, health: DestinationHealth): void;
  /** A conversation's transcript lacks something; nothing else does. */
  transcriptFailed(conversationId: string, reason: string): void;
  storeFailed(doing: string, error: unknown): void;
  leaseLost(what: string): void;
}
