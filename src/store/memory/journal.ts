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

interface Numbered<Entry = ActivityEntry> {
  readonly number: number;
  readonly note: Note<Entry>;
}

/** What has happened, written down as it happens. */
export class Journal {
  /** A ring: the note of a number stands at its remainder, until a later one takes its place. */
  readonly #notes: (Numbered | undefined)[] = [];
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
    if (settlement.kind === 'completed') this.#add({ at: this.#time.now, outcome: 'completed', ...about });
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
    if (settlement.kind === 'delivered') this.#add({ at: settlement.at, outcome: 'delivered', ...about });
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
    return this.#known()
      .flatMap(({ number, note }) =>
        isOf(conversationId, note) ? [{ note, place: placeOf(note, number) }] : [],
      )
      .filter(({ place }) => start === undefined || comparePlaces(place, start) > 0)
      .sort((one, other) => comparePlaces(one.place, other.place))
      .slice(0, limit)
      .map(({ place, note }) => ({ ...note, id: toPlaceId(place) }));
  }

  /** What was written down since, in that order. */
  activity(after: string | undefined, limit: number): RecentActivity {
    const since = after === undefined ? undefined : (readPlaceId(after, 1)[0] ?? 0);
    const known = this.#known();
    const chosen =
      since === undefined
        ? known.slice(Math.max(known.length - limit, 0))
        : known.filter(({ number }) => number > since).slice(0, limit);
    return {
      entries: chosen.map(({ number, note }) => ({ ...note, id: toPlaceId(placeOf(note, number)) })),
      cursor: toPlaceId([chosen.at(-1)?.number ?? since ?? this.#last]),
    };
  }

  #add(note: Note): void {
    const number = ++this.#last;
    this.#notes[number % ENTRIES_KEPT] = { number, note };
  }

  /** In the order in which it was written down. */
  #known(): Numbered[] {
    const start = (this.#last + 1) % ENTRIES_KEPT;
    return [...this.#notes.slice(start), ...this.#notes.slice(0, start)].filter((one) => one !== undefined);
  }

  /** Of what failed over and over, the latest attempts are kept. */
  #forgetFirst(isOne: (note: Note) => boolean): void {
    const numbers = this.#known().flatMap(({ number, note }) => (isOne(note) ? [number] : []));
    for (const number of numbers.slice(0, Math.max(numbers.length - ATTEMPTS_KEPT, 0))) {
      this.#notes[number % ENTRIES_KEPT] = undefined;
    }
  }
}

function isOf(conversationId: string, note: Note): note is Note<HistoryEntry> {
  return note.kind !== 'requestQuarantined' && note.conversationId === conversationId;
}

function placeOf({ at }: Note, number: number): Place {
  return [at, number];
}

function aboutTurn({ id, conversationId }: NewInboxEvent, attempt: number) {
  return { kind: 'turnAttempt', conversationId, eventId: id, attempt } as const;
}

function aboutSend({ id, conversationId, destination }: NewOutboxMessage, attempt: number) {
  return { kind: 'sendAttempt', conversationId, messageId: id, destination, attempt } as const;
}
