import type { JsonValue } from '../protocol/json';
import { readableLine, type TranscriptLine } from '../protocol/transcript';
import type { HandoverRequest } from './ccspBridge';

/**
 * The default `customparam1..N` of a handover: the hand-off's context, then a readable summary of what was said. What
 * a tenant's flow expects is not documented (assumption; option `params`).
 *
 * @param maxSummaryLength UTF-16 units; 0 for no summary.
 */
export function defaultHandoverParams(
  { context, transcript }: Pick<HandoverRequest, 'context' | 'transcript'>,
  maxSummaryLength: number,
): readonly JsonValue[] {
  const summary = summarise(transcript, maxSummaryLength);
  const hasContext = context !== undefined && context !== null;
  if (!hasContext && summary === '') return [];
  return [hasContext ? context : '', ...(summary === '' ? [] : [summary])];
}

/** The newest lines that fit, oldest first. */
function summarise(transcript: readonly TranscriptLine[], maxLength: number): string {
  const kept: string[] = [];
  let length = -1;
  for (const line of [...transcript].reverse()) {
    const shown = readableLine(line);
    length += shown.length + 1;
    if (length > maxLength) break;
    kept.unshift(shown);
  }
  if (kept.length > 0) return kept.join('\n');
  // A summary that would leave out everything is no summary: the newest line is cut instead.
  const newest = transcript.at(-1);
  return newest === undefined ? '' : beginningOf(readableLine(newest), maxLength);
}

/** No half of a surrogate pair is left at the end. */
function beginningOf(line: string, maxLength: number): string {
  return line.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
}
