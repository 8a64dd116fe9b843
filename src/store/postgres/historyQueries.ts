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
  at: 'd.ended_at',
  conversationId: 'e.conversation_id',
  subjectId: 'e.id',
  attempt: 'd.attempt',
  outcome: "'completed'",
});

function messageStaged(schema: string): string {
  return entryColumns({
    kind: "'messageStaged'",
    at: 'm.staged_at',
    conversationId: 'm.conversation_id',
    subjectId: 'm.id',
    activityId: 'm.activity_id',
    destination: 'm.destination',
    role: 'm.role',
    eventId: `(SELECT s.id FROM ${schema}.inbox s WHERE s.lane = m.turn_lane AND s.seq = m.turn_seq)`,
  });
}

const delivered = entryColumns({
  kind: "'sendAttempt'",
  at: 'd.ended_at',
  conversationId: 'm.conversation_id',
  subjectId: 'm.id',
  destination: 'm.destination',
  attempt: 'd.attempt',
  outcome: "'delivered'",
});

const failed = entryColumns({
  kind: "CASE a.destination WHEN '' THEN 'turnAttempt' ELSE 'sendAttempt' END",
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
  at: 'q.received_at',
  subjectId: 'q.id',
});

/** Of almost all events. Said plainly, the planner would believe it of almost none, and sort the whole table. */
const IS_FIRST_TIME = 'coalesce(e.origin_lane = e.lane AND e.origin_seq = e.seq, true)';

/** The rows of a table that belong to a row before it: looked up one by one, which no statistics are needed for. */
function each(table: string, alias: string, condition: string): string {
  return `CROSS JOIN LATERAL (SELECT * FROM ${table} ${alias} WHERE ${condition} OFFSET 0) ${alias}`;
}

/**
 * A page of a conversation's history: `$1`, after the place `$2` to `$5`, `$6` entries.
 *
 * Of one moment, what comes first is decided by `rank`: what happened is told before what came of it.
 */
export function conversationHistory(schema: string): string {
  const lanes = `(SELECT l.number, l.destination FROM ${schema}.lanes l WHERE l.conversation_id = $1) own`;
  const events = `${lanes} ${each(`${schema}.inbox`, 'e', "own.destination = '' AND e.lane = own.number")}`;
  const messages = `${lanes} ${each(`${schema}.outbox`, 'm', "own.destination <> '' AND m.lane = own.number")}`;
  const endOf = (row: string) =>
    each(`${schema}.endings`, 'd', `d.lane = ${row}.lane AND d.seq = ${row}.seq`);
  const select = (rank: number, lane: string, seq: string, columns: string, from: string) =>
    `SELECT ${rank} AS rank, ${lane} AS "tieLane", ${seq} AS "tieSeq", ${columns} FROM ${from}`;
  return `
    SELECT * FROM (
      ${select(0, 'e.lane', 'e.seq', eventAccepted, `${events} WHERE ${IS_FIRST_TIME}`)}
      UNION ALL ${select(1, 'm.lane', 'm.seq', messageStaged(schema), messages)}
      UNION ALL ${select(2, '0', 'a.position', failed, `${schema}.attempts a WHERE a.conversation_id = $1`)}
      UNION ALL ${select(3, 'm.lane', 'm.seq', delivered, `${messages} ${endOf('m')}`)}
      UNION ALL ${select(4, 'e.lane', 'e.seq', turnCompleted, `${events} ${endOf('e')}`)}
    ) entries
    WHERE (at, rank, "tieLane", "tieSeq") > ($2, $3, $4, $5)
    ORDER BY at, rank, "tieLane", "tieSeq" LIMIT $6`;
}

/** Chooses rows of a table by the transactions that have written them. */
type Choice = (table: string, alias: string, condition?: string) => string;

/** What was chosen, as entries with their places and their transactions. */
function entriesOf(schema: string, choose: Choice): string {
  const inbox = `${schema}.inbox`;
  const outbox = `${schema}.outbox`;
  const endings = choose(`${schema}.endings`, 'd');
  const eventOf = each(inbox, 'e', 'e.lane = d.lane AND e.seq = d.seq');
  const messageOf = each(outbox, 'm', 'm.lane = d.lane AND m.seq = d.seq');
  const requests = choose(`${schema}.quarantine`, 'q', "q.kind = 'request'");
  const select = (rank: number, lane: string, seq: string, row: string, columns: string, from: string) =>
    `SELECT ${row}.xact, ${rank} AS rank, ${lane} AS "tieLane", ${seq} AS "tieSeq", ${columns} FROM ${from}`;
  return [
    select(0, 'e.lane', 'e.seq', 'e', eventAccepted, choose(inbox, 'e', IS_FIRST_TIME)),
    select(1, 'm.lane', 'm.seq', 'm', messageStaged(schema), choose(outbox, 'm')),
    select(2, '0', 'a.position', 'a', failed, choose(`${schema}.attempts`, 'a')),
    select(3, 'm.lane', 'm.seq', 'd', delivered, `${endings} ${messageOf}`),
    select(4, 'e.lane', 'e.seq', 'd', turnCompleted, `${endings} ${eventOf}`),
    select(5, '0', 'q.position', 'q', requestQuarantined, requests),
  ].join(' UNION ALL ');
}

/**
 * What was written after the transaction `$1`, or by one of `$2` that were under way then: of each table up to `$3` rows,
 * and what was written together with the last.
 */
export function activitySince(schema: string): string {
  return seenTogether(
    entriesOf(schema, (table, alias, condition = 'true') => {
      const select = `SELECT * FROM ${table} ${alias} WHERE ${condition}`;
      return `(
        (${select} AND ${alias}.xact > $1 ORDER BY ${alias}.xact FETCH FIRST ($3::int) ROWS WITH TIES)
        UNION ALL (${select} AND ${alias}.xact = ANY ($2::bigint[]))) ${alias}`;
    }),
  );
}

/** The latest `$1` rows of each table. */
export function latestActivity(schema: string): string {
  return seenTogether(
    entriesOf(schema, (table, alias, condition = 'true') => {
      const select = `SELECT * FROM ${table} ${alias} WHERE ${condition}`;
      return `(${select} ORDER BY ${alias}.xact DESC LIMIT $1) ${alias}`;
    }),
  );
}

/**
 * One statement, so that all is seen at one moment. `upTo` and `underWay` say which: no later transaction is seen, and
 * none of those.
 */
function seenTogether(entries: string): string {
  return `
    SELECT txid_snapshot_xmax(seen) - 1 AS "upTo",
      array_to_json(ARRAY(SELECT txid_snapshot_xip(seen))) AS "underWay",
      (SELECT coalesce(json_agg(entry), '[]') FROM (${entries}) entry) AS entries
    FROM txid_current_snapshot() seen`;
}
