/** What a histogram measures, in seconds, and the bounds of its buckets. */
export interface HistogramDefinition {
  readonly description: string;
  readonly labels: readonly string[];
  readonly bounds: readonly number[];
}

/** A value that is looked up when somebody asks for it. */
export interface GaugeDefinition {
  readonly description: string;
  readonly labels: readonly string[];
}

/** What is measured, by the name it has in `/metrics` after `webex_connect_`. */
export const HISTOGRAMS = {
  ack_duration_seconds: {
    description: 'Time from the arrival of a request to its answer; Webex Connect waits five seconds.',
    labels: ['outcome'],
    bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5],
  },
  turn_duration_seconds: {
    description: 'Time that one run of a turn has taken.',
    labels: ['outcome'],
    bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  send_duration_seconds: {
    description: 'Time that one attempt to send a message has taken.',
    labels: ['destination', 'outcome'],
    bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  end_to_end_duration_seconds: {
    description: 'Time from the acceptance of an event to the delivery of a reply to it, retries included.',
    labels: ['destination'],
    bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
  },
} as const satisfies Record<string, HistogramDefinition>;

/** What is looked up, by the name it has in `/metrics` after `webex_connect_`. Of the store, all replicas see the same. */
export const GAUGES = {
  store_up: { description: 'Whether the store answers: 1 or 0.', labels: [] },
  waiting_events: { description: 'Events in the store whose turn has not ended.', labels: [] },
  waiting_messages: { description: 'Messages in the store that are not delivered yet.', labels: [] },
  oldest_waiting_event_age_seconds: {
    description: 'Age of the oldest event whose turn has not ended; 0 when none waits.',
    labels: [],
  },
  oldest_waiting_message_age_seconds: {
    description: 'Age of the oldest message that is not delivered yet; 0 when none waits.',
    labels: [],
  },
  dead_letters: { description: 'Messages in the store that were given up.', labels: [] },
  quarantined: { description: 'Requests and events in quarantine.', labels: [] },
  destination_active: {
    description: 'Whether messages are sent to the webhook, or to a bridge: 1 or 0.',
    labels: ['destination'],
  },
  destination_consecutive_failures: {
    description: 'Failures in a row of the webhook, or of a bridge.',
    labels: ['destination'],
  },
  destination_failure_limit: {
    description: 'Failures in a row that make the webhook, or a bridge, inactive.',
    labels: ['destination'],
  },
  platform_consecutive_failures: {
    description: 'Failures in a row that Webex Connect has seen of this bot; after five it stops sending.',
    labels: [],
  },
  turns_under_way: { description: 'Turns that run in this process.', labels: [] },
  sends_under_way: { description: 'Messages of this process that are on the wire.', labels: [] },
} as const satisfies Record<string, GaugeDefinition>;

export type HistogramName = keyof typeof HISTOGRAMS;
export type GaugeName = keyof typeof GAUGES;

export const HISTOGRAM_NAMES = namesOf(HISTOGRAMS);
export const GAUGE_NAMES = namesOf(GAUGES);

/** The labels of a metric and their values: few of them, and no IDs. */
export type Labels = Readonly<Record<string, string>>;

/** A value for each label that the histogram has. */
export type LabelsOf<Name extends HistogramName> = Readonly<
  Record<(typeof HISTOGRAMS)[Name]['labels'][number], string>
>;

/** One value of a gauge. */
export interface GaugeReading {
  readonly name: GaugeName;
  readonly labels: Labels;
  readonly value: number;
}

/** What a metric is called in `/metrics`. */
export function prometheusName(name: string): string {
  return `webex_connect_${name}`;
}

/**
 * What a metric is called in OpenTelemetry, where the unit and `_total` are no part of the name. An exporter for
 * Prometheus makes {@link prometheusName} of it again, so that a dashboard fits both.
 */
export function openTelemetryName(name: string): string {
  return `webex_connect.${name.replace(/_(total|seconds)$/, '')}`;
}

function namesOf<Name extends string>(definitions: Readonly<Record<Name, unknown>>): readonly Name[] {
  const names: Name[] = [];
  for (const name in definitions) names.push(name);
  return names;
}
