const BOT_STAMP = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}\.\d{3})$/;

/**
 * `YYYY-MM-DD hh:mm:ss.SS` in GMT, as the platform stamps its events. Assumption: 24 hours, and hundredths of a
 * second that are cut off, not rounded.
 */
export function writePlatformStamp(time: number): string {
  return writeBotStamp(time).slice(0, -1);
}

/** `YYYY-MM-DD hh:mm:ss.SSS` in GMT, as a bot has to stamp what it sends. */
export function writeBotStamp(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').slice(0, -1);
}

/** @returns Milliseconds since the epoch; `undefined` when the text is no stamp of a bot, or no date. */
export function readBotStamp(text: string): number | undefined {
  const [, date, time] = BOT_STAMP.exec(text) ?? [];
  if (date === undefined || time === undefined) return undefined;
  const read = Date.parse(`${date}T${time}Z`);
  // The 30th of February is read as a day of March.
  return Number.isNaN(read) || writeBotStamp(read) !== text ? undefined : read;
}
