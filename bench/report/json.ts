import { type Contender, OURS } from '../contenders';
import type { Figures } from '../figures/all';

/** For machines: the keys stay as they are. */
export function toJson(figures: Figures): Record<string, unknown> {
  const { plan, machine, throughput, ack, ackSlowTurns, oldRowsRatio, growth } = figures;
  return {
    mode: plan.mode,
    machine,
    ratio_vs_cloudadapter: Object.fromEntries(OURS.map((name) => [name, ratioOf(figures, name)])),
    ack_p99_ms: ack.get('sqlite')?.p99,
    ack_p99_ms_slow_turns: ackSlowTurns.get('sqlite')?.p99,
    tx_per_echo: figures.transactionsPerEcho,
    old_rows_ratio: oldRowsRatio.get('sqlite')?.median,
    rss_slope_bytes_per_message: growth?.rssSlope,
    heap_slope_bytes_per_message: growth?.heapSlope,
    messages_per_second: Object.fromEntries(
      [...throughput].map(([name, { messagesPerSecond }]) => [name, messagesPerSecond]),
    ),
    cpu_ms_per_message: Object.fromEntries(
      [...throughput].map(([name, { cpuMsPerMessage }]) => [name, cpuMsPerMessage.median]),
    ),
    tx_per_message_under_load: throughput.get('sqlite')?.transactionsPerMessage,
    database_cpu_ms_per_message: throughput.get('postgres')?.server?.cpuMsPerMessage,
    database_wal_bytes_per_message: throughput.get('postgres')?.server?.walBytesPerMessage,
    database_tx_per_message: throughput.get('postgres')?.server?.transactionsPerMessage,
    ack_ms: Object.fromEntries(ack),
    ack_ms_slow_turns: Object.fromEntries(ackSlowTurns),
    old_rows_ratio_of: Object.fromEntries(oldRowsRatio),
    recovery_ms: Object.fromEntries(figures.recoveryMs),
    hot_conversation_messages_per_second: Object.fromEntries(figures.hotConversation),
    two_replicas_messages_per_second: figures.twoReplicas,
  };
}

/** Messages per second of ours for each of `CloudAdapter`'s, by the medians. */
export function ratioOf({ throughput }: Figures, name: Contender): number | undefined {
  const [mine, theirs] = [throughput.get(name), throughput.get('cloudadapter')];
  if (mine === undefined || theirs === undefined) return undefined;
  return mine.messagesPerSecond.median / theirs.messagesPerSecond.median;
}
