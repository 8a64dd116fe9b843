import { type TextBreak, TextBreaks } from './textBreaks';
import { findCut } from './textCuts';

/**
 * Splits a text into parts that a channel with a length limit accepts.
 *
 * A part ends at the last paragraph end that fits, else at the last line end, sentence end or whitespace; the
 * whitespace at the break is dropped. Where a part has no such place, it is cut between two graphemes and
 * before a link (`http:`, `https:`, `mailto:`, `tel:`) rather than within it. Only a link or grapheme longer
 * than the limit is cut itself, and a surrogate pair never is: with a limit of 1 a part may hold such a pair,
 * two units. Nothing but whitespace is lost.
 *
 * Webex Connect documents no limit of its own; the channels behind it count characters each in their own way.
 * That UTF-16 units are a safe measure is an assumption.
 *
 * @param text - the text to split
 * @param maxLength - the longest part allowed, in UTF-16 code units (`string.length`); a whole number from 1
 * @returns the parts, in order, none of them blank; the text as it is when it fits; `[]` for a blank text
 * @throws RangeError when `maxLength` is not a whole number of at least 1
 */
export function splitText(text: string, maxLength: number): string[] {
  if (!Number.isInteger(maxLength) || maxLength < 1) {
    throw new RangeError(`maxLength must be a whole number of at least 1, not ${maxLength}`);
  }
  if (text.trim() === '') return [];
  return text.length <= maxLength ? [text] : splitTrimmed(text.trim(), maxLength);
}

function splitTrimmed(text: string, maxLength: number): string[] {
  const parts: string[] = [];
  const breaks = new TextBreaks(text);
  let start = 0;

  while (text.length - start > maxLength) {
    const limit = start + longestPart(text, start, maxLength);
    const { end, next } = breaks.best(start, limit) ?? cutAt(findCut(text, start, limit));
    parts.push(text.slice(start, end));
    start = next;
  }
  if (start < text.length) parts.push(text.slice(start));
  return parts;
}

function longestPart(text: string, start: number, maxLength: number): number {
  const startsWithPair = (text.codePointAt(start) ?? 0) > 0xffff;
  return startsWithPair ? Math.max(maxLength, 2) : maxLength;
}

function cutAt(position: number): TextBreak {
  return { end: position, next: position };
}
