import { isoTime } from '../output/times';
import type { TimelineEntry } from './timeline';

/** An entry of a timeline for scripts: its time first, in ISO 8601; what is not there is null or left out. */
export function entryJson(entry: TimelineEntry): object {
  const { at, ...others } = entry;
  return { at: isoTime(at), ...others };
}
