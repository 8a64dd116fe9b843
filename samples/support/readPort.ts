/** @throws {Error} naming the environment variable, when the text is no port. */
export function readPort(variable: string, text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new Error(`${variable} is '${text}'; it must be a number from 0 to 65535.`);
}
