import { appendToLanes } from './appendToLanes';
import { headOf, turnJson } from './claimJson';
import type { Migration } from './migration';

/**
 * The hot operations take a list of them as JSON and run them in one transaction: one round trip and one fsync for
 * all that waits. What is done to each of a list is done by one statement for all: to begin a statement costs more than
 * what it does to a row. One operation that is refused leaves the others alone, so nothing is raised for it.
 *
 * Rows are looked up by LATERAL and OFFSET 0, one by one: a join could be planned in ways that are slow without
 * statistics.
 */
export const inboxFunctions: Migration = {
  version: 3,
  name: 'functions for the inbox',
  sql: (schema) => `
    -- The head of a lane that was just claimed.
    CREATE FUNCTION ${schema}.claimed_turn(lane ${schema}.lanes) RETURNS json LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      RETURN (
        SELECT ${turnJson(schema, 'i', '$1')}
        FROM ${schema}.inbox i WHERE i.lane = lane.number AND i.seq = lane.head);
    END $$;

    -- VOLATILE, for it has to see what the transaction itself has written.
    CREATE FUNCTION ${schema}.waiting_events() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      RETURN coalesce((SELECT sum(l.tail - l.head) FROM ${schema}.lanes l
          WHERE l.worker IS NULL AND l.due_at IS NOT NULL AND l.destination = ''), 0)
        + coalesce((SELECT sum(l.tail - l.head) FROM ${schema}.lanes l
          WHERE l.worker IS NOT NULL AND l.destination = ''), 0);
    END $$;

    CREATE FUNCTION ${schema}.is_known_key(p_key text, p_now bigint) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      RETURN EXISTS (SELECT FROM ${schema}.dedupe_keys k WHERE k.key = p_key AND k.expires_at > p_now);
    END $$;

    -- Puts an event at the end of its lane, which the caller has locked and will save.
    CREATE FUNCTION ${schema}.push_event(
      lane ${schema}.lanes, p_id text, p_source text, p_payload text, p_dedupe_key text, p_received_at bigint,
      p_trace_context text, p_origin_lane bigint, p_origin_seq bigint, p_clock bigint
    ) RETURNS ${schema}.lanes LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ${schema}.inbox
        (lane, seq, origin_lane, origin_seq, id, conversation_id, source, payload, dedupe_key, received_at,
          trace_context)
      VALUES
        (lane.number, lane.tail, coalesce(p_origin_lane, lane.number), coalesce(p_origin_seq, lane.tail), p_id,
          lane.conversation_id, p_source, p_payload, p_dedupe_key, p_received_at, p_trace_context);
      RETURN ${schema}.append(lane, p_received_at, p_clock);
    END $$;

    -- An event that comes in; answer and known are set when it is not to be stored.
    CREATE TYPE ${schema}.new_event AS (
      op int, id text, conversation_id text COLLATE "C", source text, payload text, dedupe_key text COLLATE "C",
      expires_at bigint, received_at bigint, trace_context text, step json, worker text, lease_ms bigint, answer text,
      known json
    );
    CREATE TYPE ${schema}.placed_event AS (op int, lane ${schema}.lanes, seq bigint, is_claimed boolean, step json);

    -- Puts events at the ends of their lanes, and claims the heads of those where it may.
    CREATE FUNCTION ${schema}.store_events(p_events ${schema}.new_event[], p_clock bigint)
    RETURNS TABLE (op int, claim json, leaves_work boolean) LANGUAGE plpgsql AS $$
    DECLARE
      present bigint := coalesce(p_clock, ${schema}.now_ms());
      placed ${schema}.placed_event[];
    BEGIN
      WITH event AS MATERIALIZED (
        SELECT e.*, row_number() OVER (PARTITION BY e.conversation_id ORDER BY e.op) AS nth
        FROM unnest(p_events) e
      ), fresh AS MATERIALIZED (
        SELECT f.*, c.worker, present + c.lease_ms AS lease_until,
          CASE WHEN c.worker IS NULL THEN 0 ELSE nextval('${schema}.fences') END AS fence
        FROM (
          SELECT ''::text COLLATE "C" AS destination, e.conversation_id, count(*) AS added,
            min(e.received_at) FILTER (WHERE e.nth = 1) AS since,
            CASE WHEN p_clock IS NULL THEN present ELSE 0 END AS at_once,
            min(e.op) FILTER (WHERE e.worker IS NOT NULL) AS claimant
          FROM event e GROUP BY e.conversation_id
        ) f LEFT JOIN event c ON c.op = f.claimant
      ), saved AS (${appendToLanes(schema, 'fresh', 'present')}
      ), place AS MATERIALIZED (
        SELECT e.op, s.lane, (s.lane).number, (s.lane).tail - f.added + e.nth - 1 AS seq,
          coalesce(e.op = f.claimant AND (s.lane).fence = f.fence, false) AS is_claimed, e.step
        FROM event e
          JOIN fresh f ON f.conversation_id = e.conversation_id
          JOIN saved s ON (s.lane).conversation_id = e.conversation_id
      ), stored AS (
        INSERT INTO ${schema}.inbox
          (lane, seq, origin_lane, origin_seq, id, conversation_id, source, payload, dedupe_key, received_at,
            trace_context)
        SELECT p.number, p.seq, p.number, p.seq, e.id, e.conversation_id, e.source, e.payload, e.dedupe_key,
          e.received_at, e.trace_context
        FROM event e JOIN place p ON p.op = e.op
      )
      SELECT array_agg(ROW(p.op, p.lane, p.seq, p.is_claimed, p.step)::${schema}.placed_event) INTO placed FROM place p;

      RETURN QUERY
        SELECT p.op,
          CASE
            -- Looked at before the lanes were locked, and not as it was any more.
            WHEN ${schema}.must_look(p.step, c.version, c.eventful) THEN ${schema}.run_again()
            WHEN NOT p.is_claimed THEN NULL
            -- The event itself need not go back to who has just sent it.
            WHEN p.seq = (p.lane).head THEN json_build_object('attempt', (p.lane).attempts, 'fence', (p.lane).fence,
              'conversation', CASE WHEN c.eventful THEN c.record END)
            ELSE ${schema}.claimed_turn(p.lane)
          END,
          (p.lane).worker IS NULL
        FROM unnest(placed) p LEFT JOIN LATERAL (
          SELECT * FROM ${schema}.conversations k WHERE k.conversation_id = (p.lane).conversation_id OFFSET 0
        ) c ON true;
    END $$;

    -- The same for events of which some change what is known of their conversations: one after the other, for each may
    -- have to look at what the one before has done. The keys of all were taken.
    CREATE FUNCTION ${schema}.store_changing_events(p_events ${schema}.new_event[], p_clock bigint)
    RETURNS TABLE (op int, status text, claim json, leaves_work boolean, known json) LANGUAGE plpgsql AS $$
    DECLARE
      e ${schema}.new_event;
    BEGIN
      FOREACH e IN ARRAY p_events LOOP
        PERFORM ${schema}.lock_lane('', e.conversation_id);
      END LOOP;
      FOREACH e IN ARRAY p_events LOOP
        known := ${schema}.to_look_at(e.conversation_id, e.step);
        IF known IS NOT NULL THEN
          DELETE FROM ${schema}.dedupe_keys k WHERE k.key = e.dedupe_key;
          op := e.op;
          status := 'look';
          leaves_work := false;
          RETURN NEXT;
          CONTINUE;
        END IF;
        PERFORM ${schema}.write_conversation(e.conversation_id, e.step, p_clock);
        e.step := NULL;
        RETURN QUERY SELECT s.op, 'stored', s.claim, s.leaves_work, NULL::json
          FROM ${schema}.store_events(ARRAY[e], p_clock) s;
      END LOOP;
    END $$;

    -- status: stored, duplicate, full, or look when the operation's step must first see what is known. backlog: what
    -- waited before, when it was counted. One more row (status transcript) per transcript that could not be written.
    CREATE FUNCTION ${schema}.accept_events(p_operations json, p_clock bigint)
    RETURNS TABLE (
      op int, status text, claim json, "leavesWork" boolean, backlog bigint, known json, "transcriptError" text
    ) LANGUAGE plpgsql AS $$
    DECLARE
      present bigint := coalesce(p_clock, ${schema}.now_ms());
      events ${schema}.new_event[];
      repeats int[];
      with_transcript int[];
      new_keys text[];
      counted bigint;
      keys bigint;
      stored record;
      has_answers boolean;
      has_changes boolean;
    BEGIN
      SELECT
        array_agg(ROW(e.op, e.id, e."conversationId", e.source, e.payload, e."dedupeKey", present + e."dedupeWindowMs",
            e."receivedAt", e."traceContext", e.conversation, e.worker, e."leaseMs", e.answer,
            CASE WHEN e.answer = 'look' THEN
              json_build_object('version', coalesce(e.known_version, 0), 'record', e.record) END)::${schema}.new_event
          ORDER BY e."conversationId" COLLATE "C", e.op),
        array_agg(e.op) FILTER (WHERE e.transcript IS NOT NULL),
        bool_or(e.answer IS NOT NULL), bool_or(e.conversation->>'record' IS NOT NULL),
        max(e.waiting)
        INTO events, with_transcript, has_answers, has_changes, counted
      FROM (
        SELECT o.*, c.version AS known_version, c.record,
          CASE
            -- Those before it in the list are taken for new.
            WHEN o.waiting + o.op >= o."maxBacklog"
              THEN CASE WHEN ${schema}.is_known_key(o."dedupeKey", present) THEN 'duplicate' ELSE 'full' END
            WHEN ${schema}.must_look(o.conversation, c.version, c.eventful)
              THEN CASE WHEN ${schema}.is_known_key(o."dedupeKey", present) THEN 'duplicate' ELSE 'look' END
          END AS answer
        FROM (
          SELECT r.*,
            -- Counted once for all of the list.
            CASE WHEN r."maxBacklog" IS NOT NULL THEN (SELECT ${schema}.waiting_events()) END AS waiting
          FROM json_to_recordset(p_operations) AS r (
            op int, id text, "conversationId" text, source text, payload text, "dedupeKey" text,
            "receivedAt" bigint, "traceContext" text, "maxBacklog" bigint, "dedupeWindowMs" bigint,
            conversation json, transcript json, worker text, "leaseMs" bigint)
        ) o LEFT JOIN LATERAL (
          SELECT * FROM ${schema}.conversations k
          WHERE o.conversation IS NOT NULL AND k.conversation_id = o."conversationId" OFFSET 0
        ) c ON true
      ) e;
      -- While there is something to look at nothing may be written, not even the key.
      IF has_answers THEN
        RETURN QUERY SELECT e.op, e.answer, NULL::json, false, counted + e.op, e.known, NULL::text
          FROM unnest(events) e WHERE e.answer IS NOT NULL;
        events := ARRAY(SELECT e FROM unnest(events) e WHERE e.answer IS NULL);
      END IF;

      -- What has no key cannot be told from a repeat, and is new.
      WITH kept AS (
        INSERT INTO ${schema}.dedupe_keys AS k (key, expires_at)
          SELECT DISTINCT ON (e.dedupe_key) e.dedupe_key, e.expires_at FROM unnest(events) e
          WHERE e.dedupe_key IS NOT NULL ORDER BY e.dedupe_key
        ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at WHERE k.expires_at <= present
        RETURNING k.key
      )
      SELECT array_agg(k.key), (SELECT count(e.dedupe_key) FROM unnest(events) e) INTO new_keys, keys FROM kept k;
      IF keys > coalesce(cardinality(new_keys), 0) THEN
        repeats := ARRAY(
          SELECT e.op FROM unnest(events) e
          WHERE e.dedupe_key IS NOT NULL AND (e.dedupe_key = ANY (coalesce(new_keys, '{}'))
            AND e.op = (SELECT min(f.op) FROM unnest(events) f WHERE f.dedupe_key = e.dedupe_key)) IS NOT TRUE);
        RETURN QUERY SELECT e.op, 'duplicate', NULL::json, false, counted + e.op, NULL::json, NULL::text
          FROM unnest(events) e WHERE e.op = ANY (repeats);
        events := ARRAY(SELECT e FROM unnest(events) e WHERE NOT e.op = ANY (repeats));
      END IF;

      IF with_transcript IS NOT NULL THEN
        with_transcript := ARRAY(SELECT e.op FROM unnest(events) e WHERE e.op = ANY (with_transcript));
      END IF;
      IF has_changes THEN
        FOR stored IN SELECT * FROM ${schema}.store_changing_events(events, p_clock) LOOP
          IF stored.status = 'look' THEN
            with_transcript := array_remove(with_transcript, stored.op);
          END IF;
          RETURN QUERY SELECT stored.op, stored.status, stored.claim, stored.leaves_work, counted + stored.op,
            stored.known, NULL::text;
        END LOOP;
      ELSE
        RETURN QUERY SELECT s.op, 'stored', s.claim, s.leaves_work, counted + s.op, NULL::json, NULL::text
          FROM ${schema}.store_events(events, p_clock) s;
      END IF;
      IF cardinality(with_transcript) > 0 THEN
        RETURN QUERY SELECT f.op, 'transcript', NULL::json, false, NULL::bigint, NULL::json, f.error
          FROM ${schema}.write_transcripts(p_operations, with_transcript) f;
      END IF;
    END $$;

    CREATE FUNCTION ${schema}.claim_turns(p_limit int, p_worker text, p_lease_ms bigint, p_clock bigint)
    RETURNS SETOF json LANGUAGE plpgsql AS $$
    DECLARE
      claimed ${schema}.lanes[] := ${schema}.claim_lanes('', p_limit, p_worker, p_lease_ms, p_clock);
    BEGIN
      RETURN QUERY
        SELECT ${turnJson(schema, 'h', 'l')}
        FROM unnest(claimed) l CROSS JOIN ${headOf(`${schema}.inbox`, 'l')} h;
    END $$;
  `,
};
