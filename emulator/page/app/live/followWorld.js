/** @import { ServedWorld } from '../../../src/world' */
import { shareStructure } from './shareStructure.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

/**
 * @typedef {'connecting' | 'live' | 'lost'} Connection
 *
 * @typedef {object} WorldListener
 * @property {(world: ServedWorld, receivedAt: number) => void} onWorld
 * @property {(connection: Connection) => void} onConnection
 */

/**
 * Follows the world through `/api/stream`, for as long as it takes.
 *
 * @param {WorldListener} listener
 * @returns {() => void} What ends it.
 */
export function followWorld({ onWorld, onConnection }) {
  /** @type {EventSource | undefined} */
  let source;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {ServedWorld | undefined} */
  let world;
  /** @type {string | undefined} */
  let latest;
  let pauseMs = FIRST_PAUSE_MS;

  // Of several worlds that came since the last frame only the latest is worth drawing.
  const draw = () => {
    if (latest === undefined) return;
    world = shareStructure(world, /** @type {ServedWorld} */ (JSON.parse(latest)));
    latest = undefined;
    onWorld(world, performance.now());
  };

  const open = () => {
    const opened = new EventSource('/api/stream');
    source = opened;
    opened.addEventListener('open', () => {
      pauseMs = FIRST_PAUSE_MS;
      onConnection('live');
    });
    opened.addEventListener('world', (event) => {
      if (latest === undefined) requestAnimationFrame(draw);
      latest = event.data;
    });
    // The browser's own way of connecting again gives up at the first answer that is no stream.
    opened.addEventListener('error', () => {
      opened.close();
      onConnection('lost');
      timer = setTimeout(open, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    });
  };

  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
