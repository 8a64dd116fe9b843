import type { Request, Response } from 'express';
import type { Clock } from '../emulatorApi';
import type { ServedWorld } from '../world';

const SHORTEST_INTERVAL_MS = 100;
/** A large world is told less often: writing and reading it is not to be all that emulator and page do. */
const CHARACTERS_PER_MS = 10_000;
const HEARTBEAT_MS = 15_000;

type Timer = ReturnType<Clock['setTimer']>;

/** What is shown, and how one hears that it changed. */
export interface Watched {
  world(): ServedWorld;
  subscribe(listener: () => void): () => void;
}

/** The world as server-sent events: at once, and after each change, at most ten times a second. */
export class WorldStream {
  readonly #watched: Watched;
  readonly #clock: Clock;
  readonly #readers = new Set<Response>();
  readonly #unsubscribe: () => void;
  #pause: Timer | undefined;
  #heartbeat: Timer | undefined;
  #hasChanged = false;

  /** @param clock Real time: the page is to be told of a paused clock too. */
  constructor(watched: Watched, clock: Clock) {
    this.#watched = watched;
    this.#clock = clock;
    this.#unsubscribe = watched.subscribe(() => this.#onChange());
  }

  open(req: Request, res: Response): void {
    res.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // Whatever stands between must not collect the events.
      'X-Accel-Buffering': 'no',
    });
    if (req.method === 'HEAD') {
      res.end();
      return;
    }
    this.#readers.add(res);
    req.socket.setNoDelay(true);
    res.on('close', () => this.#readers.delete(res));
    res.on('drain', () => this.#onChange());
    res.write(this.#event());
    this.#heartbeat ??= this.#clock.setTimer(HEARTBEAT_MS, () => this.#beat());
  }

  /** Tells nothing any more; the server ends the readers' connections. */
  close(): void {
    this.#unsubscribe();
    this.#pause?.cancel();
    this.#heartbeat?.cancel();
    this.#readers.clear();
  }

  #onChange(): void {
    if (this.#readers.size === 0) return;
    this.#hasChanged = true;
    // What changes within one round of the event loop is shown once.
    this.#pause ??= this.#clock.setTimer(0, () => this.#send());
  }

  #send(): void {
    this.#pause = undefined;
    if (!this.#hasChanged) return;
    this.#hasChanged = false;
    const event = this.#event();
    this.#write(event);
    const interval = Math.max(SHORTEST_INTERVAL_MS, event.length / CHARACTERS_PER_MS);
    this.#pause = this.#clock.setTimer(interval, () => this.#send());
  }

  #beat(): void {
    this.#write(': still here\n\n');
    this.#heartbeat =
      this.#readers.size === 0 ? undefined : this.#clock.setTimer(HEARTBEAT_MS, () => this.#beat());
  }

  #write(text: string): void {
    for (const res of this.#readers) {
      // A reader that does not keep up gets the world as it is when it has: each holds everything.
      if (!res.writableNeedDrain) res.write(text);
    }
  }

  #event(): string {
    return `event: world\ndata: ${JSON.stringify(this.#watched.world())}\n\n`;
  }
}
