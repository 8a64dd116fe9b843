import type { LatestTime } from '../latestTime';
import type { SqliteDriver } from './driver/sqliteDriver';
import type { SerialNumbers } from './serialNumbers';
import type { UndoLog } from './undoLog';

/** What the tables of one opened database share. */
export interface TableContext {
  readonly driver: SqliteDriver;
  readonly undo: UndoLog;
  readonly fences: SerialNumbers;
  readonly time: LatestTime;
}
