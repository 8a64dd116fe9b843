import type { DeliveryObserver } from '../../src/delivery/deliveryObserver';
import type { DestinationHealth } from '../../src/store/deliveryStore';

/** Notes what the delivery engine reports. */
export class RecordingObserver implements DeliveryObserver {
  readonly accepted: string[] = [];
  readonly staged: number[] = [];
  readonly turnFailures: Parameters<DeliveryObserver['turnFailed']>[0][] = [];
  readonly quarantined: Parameters<DeliveryObserver['turnQuarantined']>[0][] = [];
  readonly sendFailures: Parameters<DeliveryObserver['sendFailed']>[0][] = [];
  /** `inactive` and `active`, in order. */
  readonly webhook: string[] = [];
  /** `webhook active 1`: the destination's health and its consecutive failures, in order. */
  readonly healthChanges: string[] = [];
  readonly storeFailures: string[] = [];
  readonly transcriptFailures: string[] = [];
  readonly leasesLost: string[] = [];
  completed = 0;
  delivered = 0;

  eventAccepted(status: string): void {
    this.accepted.push(status);
  }

  turnCompleted(): void {
    this.completed++;
  }

  turnFailed(turn: Parameters<DeliveryObserver['turnFailed']>[0]): void {
    this.turnFailures.push(turn);
  }

  turnQuarantined(turn: Parameters<DeliveryObserver['turnQuarantined']>[0]): void {
    this.quarantined.push(turn);
  }

  messageStaged(count: number): void {
    this.staged.push(count);
  }

  messageDelivered(): void {
    this.delivered++;
  }

  sendFailed(send: Parameters<DeliveryObserver['sendFailed']>[0]): void {
    this.sendFailures.push(send);
  }

  webhookInactive(destination: string, reason: string): void {
    this.webhook.push(`${destination} inactive: ${reason}`);
  }

  webhookActive(destination: string): void {
    this.webhook.push(`${destination} active`);
  }

  healthChanged(destination: string, { status, consecutiveFailures }: DestinationHealth): void {
    this.healthChanges.push(`${destination} ${status} ${consecutiveFailures}`);
  }

  transcriptFailed(conversationId: string, reason: string): void {
    this.transcriptFailures.push(`${conversationId}: ${reason}`);
  }

  storeFailed(doing: string): void {
    this.storeFailures.push(doing);
  }

  leaseLost(what: string): void {
    this.leasesLost.push(what);
  }
}
