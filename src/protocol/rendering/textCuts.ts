const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

// Full-width punctuation ends a link, since Chinese and Japanese put no whitespace after one.
const LINK = /\b(?:https?:\/\/|mailto:|tel:)[^\s<>"。，！？、；：（）「」『』【】《》]+/gi;
/** Enough to recognise a link whose first letters alone lie before the cut. */
const LINK_LOOKAHEAD = 'https://x'.length;
/** The rest of a surrogate pair that begins at the cut. */
const PAIR_LOOKAHEAD = 2;

/**
 * Finds where to cut a stretch of text that has neither whitespace nor a sentence end: before a link, between
 * two graphemes, or, where a link or a grapheme alone is longer than allowed, within it between two characters.
 *
 * @param text - the text to cut
 * @param start - where the part begins
 * @param limit - where the part must have ended; greater than `start`, and by two units for a surrogate pair
 * @returns where to cut: after `start`, not after `limit`, never within a surrogate pair
 */
export function findCut(text: string, start: number, limit: number): number {
  const boundary = lastBoundary(text, start, limit);
  return linkAcross(text, start, boundary) ?? boundary;
}

function linkAcross(text: string, start: number, cut: number): number | undefined {
  for (const match of text.slice(start, cut + LINK_LOOKAHEAD).matchAll(LINK)) {
    const linkStart = start + match.index;
    const linkEnd = linkStart + match[0].length;
    if (linkStart > start && linkStart < cut && linkEnd > cut) return linkStart;
  }
  return undefined;
}

function lastBoundary(text: string, start: number, limit: number): number {
  if (isLatin(text, limit - 1) && isLatin(text, limit)) return limit;

  const clusters = graphemes.segment(text.slice(start, limit + PAIR_LOOKAHEAD));
  const cluster = start + (clusters.containing(limit - start)?.index ?? 0);
  if (cluster > start) return cluster;
  return splitsPair(text, limit) ? limit - 1 : limit;
}

// Nothing below U+0300 joins its neighbour. Knowing that spares most texts the far slower segmenter.
function isLatin(text: string, index: number): boolean {
  return text.charCodeAt(index) < 0x300;
}

function splitsPair(text: string, index: number): boolean {
  return (text.codePointAt(index - 1) ?? 0) > 0xffff;
}
