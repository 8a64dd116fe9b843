/** @import { ClockView } from '../../../src/world' */
import { useActions } from '../live/actions.js';
import { useNow } from '../live/clock.js';
import { Assumption } from '../shared/assumption.js';
import { html } from '../shared/html.js';
import { dateAndTime, lengthOfTime } from '../shared/time.js';

const MINUTE_MS = 60_000;

/** @type {readonly (readonly [milliseconds: number, label: string, name: string])[]} */
const JUMPS = [
  [MINUTE_MS, '+1 min', 'Jump 1 minute'],
  [10 * MINUTE_MS, '+10 min', 'Jump 10 minutes'],
  [60 * MINUTE_MS, '+1 h', 'Jump 1 hour'],
];

/** @param {{ clock: ClockView }} props */
export function ClockBar({ clock }) {
  const { pauseClock, resumeClock, jumpClock, stepClock } = useActions();
  const hasRetry = clock.nextRetryAt !== undefined;
  return html`<section class="bar-group" aria-label="Clock">
    <${Now} isPaused=${clock.isPaused} />
    <button type="button" onClick=${clock.isPaused ? resumeClock : pauseClock}>${clock.isPaused ? 'Resume' : 'Pause'}</button>
    ${JUMPS.map(([milliseconds, label, name]) => html`<button key=${label} type="button" aria-label=${`${label}: ${name}`} title=${name} onClick=${() => jumpClock(milliseconds)}>${label}</button>`)}
    <button type="button" aria-disabled=${!hasRetry} onClick=${() => (hasRetry ? stepClock() : undefined)}>Step to next retry${clock.nextRetryAt !== undefined && html`<${NextRetry} at=${clock.nextRetryAt} />`}</button>
    <${Assumption} of="retries" />
  </section>`;
}

/** @param {{ isPaused: boolean }} props */
function Now({ isPaused }) {
  const now = useNow();
  return html`<span class=${`clock ${isPaused ? 'paused' : ''}`}><time dateTime=${new Date(now).toISOString()}>${dateAndTime(now)}</time> GMT${isPaused && html` <span class="chip warning">paused</span>`}</span>`;
}

/** @param {{ at: number }} props */
function NextRetry({ at }) {
  const now = useNow();
  return html` <span class="muted">in ${lengthOfTime(at - now)}</span>`;
}
