import type { Clock } from '../../../../emulator/src';
import { TIME } from './shownText';

/** Two o'clock of a day in March. */
const SHOWN_BEGIN = Date.UTC(2026, 2, 9, 2);

/** The night's time, which the emulator moves on: it goes as the machine's, but hours can be left out. */
export class NightClock implements Clock {
  /** Milliseconds that the night is ahead of the machine's clock. */
  movedByMs = 0;
  /** Has everybody else live until then. */
  onMove: (time: number) => Promise<void> = async () => {};

  readonly #beganAt = Date.now();

  /** What a command has printed, as if the night had begun at two o'clock. */
  asShown(output: string): string {
    return output.replace(TIME, (shown) => {
      const exact = new Date(Date.parse(shown.replace(' ', 'T')) - this.#beganAt + SHOWN_BEGIN).toISOString();
      const time = shown.includes('.') ? exact : `${exact.slice(0, -'.000Z'.length)}Z`;
      return shown.includes('T') ? time : time.replace('T', ' ');
    });
  }

  now(): number {
    return Date.now() + this.movedByMs;
  }

  setTimer(delayMs: number, callback: () => void): { cancel(): void } {
    const timeout = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timeout) };
  }

  /** The emulator calls it when it is told to jump. */
  async advance(milliseconds: number): Promise<void> {
    const target = this.now() + milliseconds;
    await this.onMove(target);
    this.movedByMs += Math.max(target - this.now(), 0);
  }
}
