/** Where an entry stands in a list that is read page by page: compared number by number. */
export type Place = readonly number[];

const PLACE = /^-?\d+(\.-?\d+)*$/;

export function toPlaceId(place: Place): string {
  return place.join('.');
}

/**
 * Reads what {@link toPlaceId} has written.
 *
 * @param length How many numbers there are, where that is known.
 * @throws {TypeError} when the text is none of ours.
 */
export function readPlaceId(id: string, length?: number): Place {
  const place = PLACE.test(id) ? id.split('.').map(Number) : [];
  const isWhole = place.length > 0 && place.length === (length ?? place.length);
  if (isWhole && place.every(Number.isSafeInteger)) return place;
  throw new TypeError('This is no place in a history that this store has given out.');
}

export function comparePlaces(one: Place, other: Place): number {
  for (const [index, number] of one.entries()) {
    const difference = number - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
