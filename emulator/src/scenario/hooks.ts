/**
 * What only the host of the bot can do. A scenario runs without them too: a bot that cannot be stopped is cut off
 * instead (connections to it are refused), and one that cannot be restarted goes on.
 */
export interface ScenarioHooks {
  /** Ends the bot, as a crash or a deployment would. */
  stopBot?(): Promise<void>;
  /** Starts the bot again, with what it had stored, at the same URL. */
  startBot?(): Promise<void>;
  /** Ends the bot and starts it again; by default `stopBot` and `startBot`. */
  restartBot?(): Promise<void>;
  /** The emulator's clock was moved by so much: moves the bot's. */
  advance?(milliseconds: number): Promise<void>;
  /** Resolves when the bot has nothing left to do. */
  whenIdle?(): Promise<void>;
}
