/** A body for people: JSON with a field a line, anything else as it is. */
export function bodyLines(body: string): string[] {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2).split('\n');
  } catch {
    return body.split('\n');
  }
}
