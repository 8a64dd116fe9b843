/** What the adapter counts, by the name it has in `/metrics` after `webex_connect_`. */
export const COUNTERS = new Map([
  ['events_stored_total', 'Events of Webex Connect that were stored.'],
  ['events_duplicate_total', 'Repeated events that were recognised and run no turn.'],
  ['events_refused_total', 'Events that were answered 503 because too many wait.'],
  ['requests_quarantined_total', 'Requests that could not be read and were kept for the operator.'],
  ['requests_unauthorised_total', 'Requests that were turned away: 401 or 403.'],
  ['turns_completed_total', 'Turns of the bot that ended well.'],
  ['turns_failed_total', 'Runs of a turn that failed.'],
  ['turns_quarantined_total', 'Events that were given up because their turn failed every time.'],
  ['messages_staged_total', 'Messages of the bot that were stored for delivery.'],
  ['messages_delivered_total', 'Messages that the webhook or a bridge accepted.'],
  ['sends_failed_total', 'Attempts to send that failed.'],
  ['sends_ambiguous_total', 'Attempts whose outcome is unknown: the message may have arrived.'],
  ['messages_dead_total', 'Messages that were given up.'],
  [
    'messages_suppressed_total',
    'Activities of the bot that were held back because an agent had the conversation.',
  ],
  ['handovers_requested_total', 'Handovers that the bot asked for.'],
  ['handovers_accepted_total', 'Handovers that an agent has answered.'],
  ['handovers_completed_total', 'Handovers after which the bot got the conversation back.'],
  ['handovers_failed_total', 'Handovers that were given up, or that no agent has answered.'],
  ['transcripts_failed_total', 'Things said that could not be written into a transcript.'],
  ['activities_silent_total', 'Typing and trace activities, which the platform cannot show.'],
  ['activities_unsupported_total', 'Activities that the platform cannot show and somebody might miss.'],
] as const);

/** The name of a counter. */
export type CounterName = Parameters<typeof COUNTERS.get>[0];

/** Counts since the process began. */
export class Counters {
  readonly #values = new Map<CounterName, number>();
  readonly #onAdd: (name: CounterName, amount: number) => void;

  /** @param onAdd Told of everything that is counted. */
  constructor(onAdd: (name: CounterName, amount: number) => void = () => {}) {
    this.#onAdd = onAdd;
  }

  /** Counts something, once or `amount` times. */
  add(name: CounterName, amount = 1): void {
    this.#values.set(name, this.get(name) + amount);
    this.#onAdd(name, amount);
  }

  /** How often it was counted. */
  get(name: CounterName): number {
    return this.#values.get(name) ?? 0;
  }
}
