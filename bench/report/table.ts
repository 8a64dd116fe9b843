import { CONTENDER_TITLES } from '../contenders';
import type { Figures } from '../figures/all';
import type { Latency } from '../measure/latency';
import { ratioOf } from './json';

/** For people, as Markdown. */
export function toTable(figures: Figures): string {
  const { plan, machine } = figures;
  const heading = `Node ${machine.node.slice(1)}, ${machine.cores} cores (${machine.model}), ${plan.mode} mode`;
  return `${[heading, throughputTable(figures), ackTable(figures), restTable(figures)].join('\n\n')}\n`;
}

function throughputTable(figures: Figures): string {
  const rows = [...figures.throughput].map(([name, { messagesPerSecond, cpuMsPerMessage }]) => {
    const { median, min, max } = messagesPerSecond;
    const ratio = ratioOf(figures, name);
    return [
      CONTENDER_TITLES[name],
      rounded(median),
      `${rounded(min)} to ${rounded(max)}`,
      ratio === undefined ? '' : `${ratio.toFixed(2)} x`,
      `${cpuMsPerMessage.median.toFixed(3)} ms`,
    ];
  });
  return markdown(['echo', 'messages/s', 'from … to', 'to CloudAdapter', 'CPU per message'], rows);
}

function ackTable({ ack, ackSlowTurns, plan }: Figures): string {
  const row = (title: string, { p50, p99, p999, max }: Latency) => [
    title,
    ...[p50, p99, p999, max].map((ms) => `${ms.toFixed(1)} ms`),
  ];
  const rows = [
    ...[...ack].map(([name, latency]) => row(CONTENDER_TITLES[name], latency)),
    ...[...ackSlowTurns].map(([name, latency]) =>
      row(`${CONTENDER_TITLES[name]}, turns of ${plan.slowTurnMs / 1000} s`, latency),
    ),
  ];
  return markdown([`answered, at ${plan.openLoopPerSecond} events/s`, 'p50', 'p99', 'p99.9', 'max'], rows);
}

function restTable(figures: Figures): string {
  const { plan, growth } = figures;
  const server = figures.throughput.get('postgres')?.server;
  const rows = [
    ['transactions per echo, one at a time (SQLite)', figures.transactionsPerEcho?.toFixed(2)],
    [
      'transactions per message under load (SQLite)',
      figures.throughput.get('sqlite')?.transactionsPerMessage?.toFixed(3),
    ],
    [
      'CPU of the database server per message (PostgreSQL)',
      server?.cpuMsPerMessage === undefined ? undefined : `${server.cpuMsPerMessage.toFixed(3)} ms`,
    ],
    [
      'WAL per message (PostgreSQL)',
      server === undefined ? undefined : `${rounded(server.walBytesPerMessage)} bytes`,
    ],
    ['transactions per message under load (PostgreSQL)', server?.transactionsPerMessage.toFixed(3)],
    ...[...figures.oldRowsRatio].map(([name, { median, min, max }]) => [
      `throughput with ${rounded(plan.oldRows)} old rows, to that with none (${CONTENDER_TITLES[name]})`,
      `${median.toFixed(3)} (${min.toFixed(3)} to ${max.toFixed(3)})`,
    ]),
    [`RSS that a message leaves behind, of ${rounded(plan.longRunMessages)}`, bytes(growth?.rssSlope)],
    ['heap that a message leaves behind', bytes(growth?.heapSlope)],
    ['RSS at the end', growth === undefined ? undefined : `${rounded(growth.rssAtEnd / 2 ** 20)} MiB`],
    ...[...figures.recoveryMs].map(([name, ms]) => [
      `${rounded(plan.waitingMessages)} waiting events worked off (${CONTENDER_TITLES[name]})`,
      `${(ms / 1000).toFixed(1)} s`,
    ]),
    ...[...figures.hotConversation].map(([name, speed]) => [
      `messages/s in one conversation (${CONTENDER_TITLES[name]})`,
      rounded(speed),
    ]),
    [
      'messages/s of two replicas (PostgreSQL)',
      figures.twoReplicas === undefined ? undefined : rounded(figures.twoReplicas),
    ],
  ];
  const measured = rows.flatMap(([title, value]) =>
    title === undefined || value === undefined ? [] : [[title, value]],
  );
  return markdown(['what else', ''], measured);
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function rounded(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function bytes(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${value.toFixed(2)} bytes`;
}
