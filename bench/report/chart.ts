import { CONTENDER_TITLES, OURS } from '../contenders';
import type { Figures } from '../figures/all';

const WIDTH = 720;
const LABEL_WIDTH = 260;
const BAR_HEIGHT = 26;
const ROW_HEIGHT = 38;
const TOP = 44;
const RIGHT = 90;

/** Messages per second as a bar chart, SVG, for the docs: readable on white and on black. */
export function toChart({ throughput, machine }: Figures): string {
  const rows = [...throughput];
  const most = Math.max(...rows.map(([, { messagesPerSecond }]) => messagesPerSecond.median));
  const scale = (WIDTH - LABEL_WIDTH - RIGHT) / most;
  const height = TOP + rows.length * ROW_HEIGHT + 12;
  const bars = rows.map(([name, { messagesPerSecond }], index) => {
    const y = TOP + index * ROW_HEIGHT;
    const width = Math.max(1, messagesPerSecond.median * scale);
    const colour = OURS.some((mine) => mine === name) ? '#2f7ed8' : '#8a8f98';
    const middle = y + BAR_HEIGHT / 2 + 5;
    const value = Math.round(messagesPerSecond.median).toLocaleString('en-US');
    return `  <text x="${LABEL_WIDTH - 12}" y="${middle}" text-anchor="end">${CONTENDER_TITLES[name]}</text>
  <rect x="${LABEL_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="3" fill="${colour}"/>
  <text x="${(LABEL_WIDTH + width + 8).toFixed(1)}" y="${middle}">${value}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Messages per second of an echo bot">
  <style>text { font: 14px system-ui, sans-serif; fill: #57606a } @media (prefers-color-scheme: dark) { text { fill: #adbac7 } }</style>
  <text x="12" y="24">Messages per second, echo, end to end; Node ${machine.node.slice(1)}, ${machine.cores} cores</text>
${bars.join('\n')}
</svg>
`;
}
