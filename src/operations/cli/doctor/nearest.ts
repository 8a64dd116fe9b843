/** As many letters may be wrong. */
const MAX_DISTANCE = 3;

/** The word that `text` is probably a misspelling of; `undefined` when it is like none. */
export function nearest<Word extends string>(text: string, words: readonly Word[]): Word | undefined {
  const [best] = words
    .map((word) => ({ word, distance: distanceBetween(text, word) }))
    .filter(({ distance }) => distance <= MAX_DISTANCE)
    .sort((one, other) => one.distance - other.distance);
  return best?.word;
}

/** Levenshtein's distance: letters added, left out or changed. */
function distanceBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const changed = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
