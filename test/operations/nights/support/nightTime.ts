// Preloaded into the bot's process and into the operator's commands: it is the hour that the night says.
const machineNow = Date.now;
let movedByMs = Number(process.env.NIGHT_MOVED_BY_MS ?? 0);

Date.now = () => machineNow() + movedByMs;

/** Moves the time of this process on. */
export function moveOn(milliseconds: number): void {
  movedByMs += Math.max(milliseconds, 0);
}
