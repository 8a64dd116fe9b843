import { entryColumns } from '../historyColumns';

const eventAccepted = entryColumns({
  kind: "'eventAccepted'",
  at: 'e.received_at',
  conversationId: 'e.conversation_id',
  subjectId: 'e.id',
  source: 'e.source',
});

const turnCompleted = entryColumns({
  kind: "'turnAttempt'",
  at: 'e.ended_at',
  conversationId: 'e.conversation_id',
  subjectId: 'e.id',
  attempt: 'e.attempts',
  outcome: "'completed'",
});

const messageStaged = entryColumns({
  kind: "'messageStaged'",
  at: 'm.staged_at',
  conversationId: 'm.conversation_id',
  subjectId: 'm.id',
  activityId: 'm.activity_id',
  destination: 'm.destination',
  role: 'm.role',
  // Numbers of rows come again when all were pruned: an event that came later is not the one that has sent the message.
  eventId: '(SELECT s.id FROM inbox s WHERE s.seq = m.event_seq AND s.received_at <= m.staged_at)',
});

const delivered = entryColumns({
  kind: "'sendAttempt'",
  at: 'm.ended_at',
  conversationId: 'm.conversation_id',
  subjectId: 'm.id',
  destination: 'm.destination',
  attempt: 'm.attempts',
  outcome: "'delivered'",
});

const failed = entryColumns({
  kind: "iif(a.kind = 'turn', 'turnAttempt', 'sendAttempt')",
  at: 'a.at',
  conversationId: 'a.conversation_id',
  subjectId: 'a.id',
  destination: 'a.destination',
  attempt: 'a.attempt',
  outcome: 'a.outcome',
  reason: 'a.reason',
  isAmbiguous: 'a.is_ambiguous',
});

const requestQuarantined = entryColumns({
  kind: "'requestQuarantined'",
  at: "q.item ->> 'receivedAt'",
  subjectId: 'q.id',
});

/**
 * A conversation's rows of a table, looked for stretch by stretch: see the indexes `…_stretches`. A dead letter that was
 * kept while millions of rows came and went leaves a gap that is leapt over.
 */
function ofConversation(table: 'inbox' | 'outbox', columns: string): string {
  return `
    WITH RECURSIVE stretches (n) AS (
      SELECT (SELECT max(seq) FROM ${table}) / 256
      UNION ALL
      SELECT (SELECT max(seq) FROM ${table} WHERE seq < n * 256) / 256 FROM stretches WHERE n IS NOT NULL
    )
    SELECT ${columns} FROM stretches CROSS JOIN ${table} t INDEXED BY ${table}_stretches
    WHERE t.seq / 256 = stretches.n AND t.conversation_id = ?1`;
}

const EVENT_COLUMNS =
  'seq, id, conversation_id, source, received_at, attempts, ended_at, ended_no, is_replay';
const MESSAGE_COLUMNS =
  'seq, id, conversation_id, activity_id, destination, role, event_seq, staged_at, attempts, ended_at, ended_no';

/**
 * A page of a conversation's history.
 *
 * Of one moment, what comes first is decided by `rank`: what happened is told before what came of it.
 */
export const conversationHistory = `
WITH
  events AS MATERIALIZED (${ofConversation('inbox', EVENT_COLUMNS)}
  ),
  messages AS MATERIALIZED (${ofConversation('outbox', MESSAGE_COLUMNS)}
  ),
  entries AS (
    SELECT 0 AS rank, e.seq AS tie, ${eventAccepted} FROM events e WHERE e.is_replay = 0
    UNION ALL SELECT 1, m.seq, ${messageStaged} FROM messages m
    UNION ALL SELECT 2, a.position, ${failed} FROM attempts a WHERE a.conversation_id = ?1
    UNION ALL SELECT 3, m.seq, ${delivered} FROM messages m WHERE m.ended_no IS NOT NULL
    UNION ALL SELECT 4, e.seq, ${turnCompleted} FROM events e WHERE e.ended_no IS NOT NULL
  )
SELECT * FROM entries WHERE (at, rank, tie) > (?2, ?3, ?4) ORDER BY at, rank, tie LIMIT ?5`;

/** What can be followed in the order in which it was written, and where in that order each entry stands. */
export interface HistoryStream {
  /** As in a conversation's history. */
  readonly rank: number;
  /** Rows after a position. */
  readonly after: string;
  /** The latest rows, the latest first. */
  readonly latest: string;
}

interface StreamSource {
  readonly rank: number;
  /** What an entry is made of. */
  readonly columns: string;
  readonly from: string;
  readonly position: string;
  readonly condition?: string;
  /** The position to go on from, when the one before was `?1`. */
  readonly start?: string;
}

function streamOf({ rank, columns, from, position, condition = 'true', start = '?1' }: StreamSource) {
  const select = `SELECT ${position} AS position, ${columns} FROM ${from} WHERE ${condition}`;
  return {
    rank,
    after: `${select} AND ${position} > ${start} ORDER BY ${position} LIMIT ?2`,
    latest: `${select} ORDER BY ${position} DESC LIMIT ?1`,
  };
}

/** When all rows of a table were pruned, their numbers are given again from the first. */
function againFromFirst(table: string): string {
  return `iif(?1 > (SELECT coalesce(max(seq), 0) FROM ${table}), 0, ?1)`;
}

/** In the order of a cursor's numbers. */
export const historyStreams: readonly HistoryStream[] = [
  streamOf({
    rank: 0,
    columns: eventAccepted,
    from: 'inbox e',
    position: 'e.seq',
    condition: 'e.is_replay = 0',
    start: againFromFirst('inbox'),
  }),
  streamOf({
    rank: 1,
    columns: messageStaged,
    from: 'outbox m',
    position: 'm.seq',
    condition: 'm.is_replay = 0',
    start: againFromFirst('outbox'),
  }),
  streamOf({ rank: 2, columns: failed, from: 'attempts a', position: 'a.position' }),
  streamOf({
    rank: 3,
    columns: delivered,
    from: 'outbox m',
    position: 'm.ended_no',
    condition: 'm.ended_no IS NOT NULL',
  }),
  streamOf({
    rank: 4,
    columns: turnCompleted,
    from: 'inbox e',
    position: 'e.ended_no',
    condition: 'e.ended_no IS NOT NULL',
  }),
  streamOf({
    rank: 5,
    columns: requestQuarantined,
    from: 'quarantine q',
    position: 'q.seq',
    condition: "q.kind = 'request'",
  }),
];
