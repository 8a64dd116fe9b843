import type {
  ClaimedSend,
  ClaimedTurn,
  NewInboxEvent,
  NewOutboxMessage,
  OutboxMessage,
  Page,
  SendSettlement,
  TurnSettlement,
} from '../deliveryStore';
import { ATTEMPTS_KEPT, failedSend, failedTurn } from '../failedAttempt';
import type { ActivityEntry, HistoryEntry, RecentActivity } from '../history';
import { comparePlaces, type Place, readPlaceId, toPlaceId } from '../historyPlace';
import { LatestTime } from '../latestTime';

/** A store in memory remembers so much of what happened, the latest. */
const ENTRIES_KEPT = 10_000;

/** An entry before anybody has asked for it. */
type Note<Entry = ActivityEntry> = Entry extends unknown ? Omit<Entry, 'id'> : never;

/** A note of something that happened in a conversation. */
interface Placed {
  readonly place: Place;
  readonly note: Note<HistoryEntry>;
}

/** What has happened, written down as it happens. */
export class Journal {
  /** In the order in which it was written down. */
  readonly #notes = new Map<number, Note>();
  readonly #time = new LatestTime();
  #last = 0;

  /** Names the present. */
  see(now: number): void {
    this.#time.see(now);
  }

  accepted({ id, conversationId, source, receivedAt }: NewInboxEvent): void {
    this.#add({ kind: 'eventAccepted', at: receivedAt, conversationId, eventId: id, source });
  }

  staged(message: NewOutboxMessage, turn: ClaimedTurn | undefined): void {
    const { id, activityId, conversationId, destination, role, stagedAt } = message;
    const about = { messageId: id, activityId, destination, role, eventId: turn?.event.id };
    this.#add({ kind: 'messageStaged', at: stagedAt, conversationId, ...about });
  }

  turnSettled(turn: ClaimedTurn, settlement: TurnSettlement): void {
    const { event } = turn;
    const about = aboutTurn(event, turn.attempt);
    if (settlement.kind === 'completed') this.#add({ ...about, at: this.#time.now, outcome: 'completed' });
    const failure = failedTurn(turn, settlement);
    if (failure === undefined) return;
    this.#add({ ...about, ...failure });
    this.#forgetFirst((note) => note.kind === 'turnAttempt' && note.eventId === event.id);
  }

  /** @returns The event. */
  turnAbandoned(event: NewInboxEvent, attempt: number): NewInboxEvent {
    this.#add({ ...aboutTurn(event, attempt), at: this.#time.now, outcome: 'abandoned' });
    return event;
  }

  sendSettled(send: ClaimedSend, settlement: SendSettlement): void {
    const { message } = send;
    const about = aboutSend(message, send.attempt);
    if (settlement.kind === 'delivered') this.#add({ ...about, at: settlement.at, outcome: 'delivered' });
    const failure = failedSend(send, settlement);
    if (failure === undefined) return;
    this.#add({ ...about, ...failure });
    this.#forgetFirst((note) => note.kind === 'sendAttempt' && note.messageId === message.id);
  }

  /** @returns The message. */
  sendAbandoned(message: OutboxMessage, attempt: number): OutboxMessage {
    this.#add({ ...aboutSend(message, attempt), at: this.#time.now, outcome: 'abandoned' });
    return message;
  }

  requestQuarantined(requestId: string, at: number): void {
    this.#add({ kind: 'requestQuarantined', at, requestId });
  }

  /** A page of what happened in a conversation, by its times. */
  history(conversationId: string, { limit, after }: Page): readonly HistoryEntry[] {
    const start = after === undefined ? undefined : readPlaceId(after, 2);
    return [...this.#notes]
      .flatMap(([number, note]): Placed[] => {
        if (note.kind === 'requestQuarantined' || note.conversationId !== conversationId) return [];
        return [{ place: [note.at, number], note }];
      })
      .filter(({ place }) => start === undefined || comparePlaces(place, start) > 0)
      .sort((one, other) => comparePlaces(one.place, other.place))
      .slice(0, limit)
      .map(({ place, note }) => ({ ...note, id: toPlaceId(place) }));
  }

  /** What was written down since, in that order. */
  activity(after: string | undefined, limit: number): RecentActivity {
    const since = after === undefined ? undefined : (readPlaceId(after, 1)[0] ?? 0);
    const known = [...this.#notes];
    const chosen =
      since === undefined
        ? known.slice(Math.max(known.length - limit, 0))
        : known.filter(([number]) => number > since).slice(0, limit);
    return {
      entries: chosen.map(([number, note]) => ({ ...note, id: toPlaceId([note.at, number]) })),
      cursor: toPlaceId([chosen.at(-1)?.[0] ?? since ?? this.#last]),
    };
  }

  #add(note: Note): void {
    this.#notes.set(++this.#last, note);
    if (this.#notes.size <= ENTRIES_KEPT) return;
    const [oldest] = this.#notes.keys();
    if (oldest !== undefined) this.#notes.delete(oldest);
  }

  /** Of what failed over and over, the latest attempts are kept. */
  #forgetFirst(isOne: (note: Note) => boolean): void {
    const numbers = [...this.#notes].flatMap(([number, note]) => (isOne(note) ? [number] : []));
    for (const number of numbers.slice(0, Math.max(numbers.length - ATTEMPTS_KEPT, 0))) {
      this.#notes.delete(number);
    }
  }
}

function aboutTurn({ id, conversationId }: NewInboxEvent, attempt: number) {
  return { kind: 'turnAttempt', conversationId, eventId: id, attempt } as const;
}

function aboutSend({ id, conversationId, destination }: NewOutboxMessage, attempt: number) {
  return { kind: 'sendAttempt', conversationId, messageId: id, destination, attempt } as const;
}
