import type {
  ClaimedTurn,
  NewQuarantinedRequest,
  Page,
  QuarantinedItem,
  TurnSettlement,
} from '../deliveryStore';
import { pageOf } from './pageOf';

/** What an operator has to look at: requests that are no event, and events whose turn failed every time. */
export class MemoryQuarantine {
  readonly #items = new Map<string, QuarantinedItem>();

  get size(): number {
    return this.#items.size;
  }

  putEvent(
    { event, attempt }: ClaimedTurn,
    { reason, details, at }: Extract<TurnSettlement, { kind: 'quarantined' }>,
  ): void {
    const { id } = event;
    const why = { reason, ...(details !== undefined && { details }) };
    this.#items.set(id, { kind: 'event', id, event, ...why, attempts: attempt, quarantinedAt: at });
  }

  /** Keeps a request; the oldest of them goes when there are more than `limit`. */
  putRequest(request: NewQuarantinedRequest, limit: number): void {
    this.#items.set(request.id, { kind: 'request', ...request });
    const requests = [...this.#items.values()].filter(({ kind }) => kind === 'request');
    for (const { id } of requests.slice(0, Math.max(requests.length - limit, 0))) this.#items.delete(id);
  }

  list(page: Page): readonly QuarantinedItem[] {
    return pageOf(this.#items, page);
  }

  find(id: string): QuarantinedItem | undefined {
    return this.#items.get(id);
  }

  /** Takes an item out. @returns `undefined` when it is not there. */
  take(id: string): QuarantinedItem | undefined {
    const item = this.#items.get(id);
    this.#items.delete(id);
    return item;
  }
}
