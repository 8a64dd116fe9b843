// Preloaded into a sample bot, which is otherwise as anybody starts it: its time can be moved on, and whoever plays the
// night decides what becomes of turns that meet one of its words. The night is told of such a turn, and says what to do.
import { z } from 'zod';
import { WebexConnectAdapter } from '../../../../src';
import { type ClockTimer, systemClock } from '../../../../src/clock';
import { moveOn } from './nightTime';

/** Real time after which the bot is taken to wait for somebody else, such as a database that is gone. */
const WAITS_AFTER_MS = 5000;

let word = process.env.NIGHT_WORD || undefined;

interface SetTimer {
  readonly dueAt: number;
  fire(): void;
}

const order = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('moveTo'), time: z.number() }),
  z.object({ kind: z.literal('goOn') }),
  z.object({ kind: z.literal('crash') }),
]);

const timers = new Set<SetTimer>();
const held: (() => void)[] = [];
let adapter: WebexConnectAdapter | undefined;
let waiting: Promise<void> | undefined;

Object.assign(systemClock, {
  // No jitter: who is tried again first is the same in each run.
  random: () => 0.5,
  setTimer(delayMs: number, callback: () => void): ClockTimer {
    const timer = { dueAt: systemClock.now() + delayMs, fire: () => end(callback) };
    const timeout = setTimeout(timer.fire, Math.max(delayMs, 0));
    const cancel = () => {
      timers.delete(timer);
      clearTimeout(timeout);
    };
    const end = (act: () => void) => {
      cancel();
      act();
    };
    timers.add(timer);
    return { cancel };
  },
});

const { start } = WebexConnectAdapter.prototype;
WebexConnectAdapter.prototype.start = function (logic) {
  adapter = this;
  this.use(async (context, next) => {
    if (word !== undefined && context.activity.text?.includes(word)) {
      await new Promise<void>((resolve) => {
        held.push(resolve);
        process.send?.({ kind: 'met' });
      });
    }
    await next();
  });
  return start.call(this, logic);
};

process.on('message', (message) => void obey(order.parse(message)));
// Whoever plays the night is gone.
process.once('disconnect', () => process.exit(0));
process.channel?.unref();

async function obey(given: z.output<typeof order>): Promise<void> {
  switch (given.kind) {
    case 'crash':
      throw new TypeError('a fault of the bot that nothing catches');
    case 'goOn':
      word = undefined;
      for (const goOn of held.splice(0)) goOn();
      return;
    case 'moveTo':
      await passTime(given.time);
      process.send?.({ kind: 'moved' });
  }
}

/** What becomes due on the way happens at its time, each thing at rest before the next. */
async function passTime(target: number): Promise<void> {
  for (;;) {
    await comeToRest();
    const next = earliest(target);
    if (next === undefined) break;
    moveOn(next.dueAt - systemClock.now());
    next.fire();
  }
  moveOn(target - systemClock.now());
}

/** Nothing is on the wire whose five seconds would be over because the night moves on. */
async function comeToRest(): Promise<void> {
  await new Promise(setImmediate);
  if (waiting !== undefined) return;
  const idle = adapter?.whenIdle() ?? Promise.resolve();
  let limit: NodeJS.Timeout | undefined;
  const hangs = new Promise<'hangs'>((resolve) => {
    limit = setTimeout(resolve, WAITS_AFTER_MS, 'hangs');
  });
  const outcome = await Promise.race([idle, hangs]);
  clearTimeout(limit);
  if (outcome !== 'hangs') return;
  // It is not asked again each second of the night.
  waiting = idle.then(() => {
    waiting = undefined;
  });
}

function earliest(target: number): SetTimer | undefined {
  let first: SetTimer | undefined;
  for (const timer of timers) {
    if (timer.dueAt <= target && (first === undefined || timer.dueAt < first.dueAt)) first = timer;
  }
  return first;
}
