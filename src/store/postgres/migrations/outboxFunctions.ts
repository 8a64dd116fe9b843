import { appendToLanes } from './appendToLanes';
import { headOf, sendJson } from './claimJson';
import type { Migration } from './migration';

/** Staging and claiming, for a list of operations as in the inbox. */
export const outboxFunctions: Migration = {
  version: 5,
  name: 'functions for the outbox',
  sql: (schema) => `
    -- The head of a lane that was just claimed.
    CREATE FUNCTION ${schema}.claimed_send(lane ${schema}.lanes) RETURNS json LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      RETURN (
        SELECT ${sendJson('o', '$1')}
        FROM ${schema}.outbox o
        WHERE o.lane = lane.number AND o.seq = lane.head);
    END $$;

    CREATE FUNCTION ${schema}.claim_sends(
      p_destination text, p_limit int, p_worker text, p_lease_ms bigint, p_clock bigint
    ) RETURNS SETOF json LANGUAGE plpgsql AS $$
    DECLARE
      claimed ${schema}.lanes[] := ${schema}.claim_lanes(p_destination, p_limit, p_worker, p_lease_ms, p_clock);
    BEGIN
      RETURN QUERY
        SELECT ${sendJson('h', 'l')}
        FROM unnest(claimed) l CROSS JOIN ${headOf(`${schema}.outbox`, 'l')} h;
    END $$;

    -- What is staged together. The lane is that of its turn, or of the conversation that its gate is about; it is locked.
    CREATE TYPE ${schema}.staging AS (
      op int, turn_conversation_id text, turn_fence bigint, gate_conversation_id text COLLATE "C", step json,
      keeps_transcript boolean, worker text, lease_ms bigint, lane ${schema}.lanes, answer text, known json
    );
    CREATE TYPE ${schema}.new_message AS (
      op int, n int, id text, activity_id text, conversation_id text COLLATE "C", destination text COLLATE "C", body text,
      staged_at bigint, role text, reports_failure boolean, trace_context text, event_received_at bigint,
      turn_conversation_id text, turn_lane bigint, turn_seq bigint, worker text, lease_ms bigint
    );
    CREATE TYPE ${schema}.placed_message AS (op int, n int, lane ${schema}.lanes, seq bigint, is_claimed boolean);

    -- Puts messages at the ends of their lanes, and claims the heads of those where it may.
    CREATE FUNCTION ${schema}.store_messages(p_messages ${schema}.new_message[], p_clock bigint)
    RETURNS TABLE (op int, claim json, leaves_work boolean) LANGUAGE plpgsql AS $$
    DECLARE
      present bigint := coalesce(p_clock, ${schema}.now_ms());
      placed ${schema}.placed_message[];
    BEGIN
      WITH message AS MATERIALIZED (
        SELECT m.*, row_number() OVER (PARTITION BY m.destination, m.conversation_id ORDER BY m.op, m.n) AS nth
        FROM unnest(p_messages) m
      ), fresh AS MATERIALIZED (
        SELECT f.*, c.worker, present + c.lease_ms AS lease_until,
          CASE WHEN c.worker IS NULL THEN 0 ELSE nextval('${schema}.fences') END AS fence
        FROM (
          SELECT m.destination, m.conversation_id, count(*) AS added,
            min(m.staged_at) FILTER (WHERE m.nth = 1) AS since,
            CASE WHEN p_clock IS NULL THEN present ELSE 0 END AS at_once,
            min(m.nth) FILTER (WHERE m.worker IS NOT NULL) AS claimant
          FROM message m GROUP BY m.destination, m.conversation_id
        ) f LEFT JOIN message c
          ON c.nth = f.claimant AND c.conversation_id = f.conversation_id AND c.destination = f.destination
      ), saved AS (${appendToLanes(schema, 'fresh', 'present')}
      ), place AS MATERIALIZED (
        SELECT m.op, m.n, s.lane, (s.lane).number, (s.lane).tail - f.added + m.nth - 1 AS seq,
          coalesce(m.nth = f.claimant AND (s.lane).fence = f.fence, false) AS is_claimed
        FROM message m
          JOIN fresh f ON f.conversation_id = m.conversation_id AND f.destination = m.destination
          JOIN saved s ON (s.lane).conversation_id = m.conversation_id AND (s.lane).destination = m.destination
      ), stored AS (
        INSERT INTO ${schema}.outbox
          (lane, seq, id, destination, conversation_id, activity_id, body, role, reports_failure,
            staged_at, trace_context, event_received_at, turn_conversation_id, turn_lane, turn_seq)
        SELECT p.number, p.seq, m.id, m.destination, m.conversation_id, m.activity_id, m.body, m.role, m.reports_failure,
          m.staged_at, m.trace_context, m.event_received_at, m.turn_conversation_id, m.turn_lane, m.turn_seq
        FROM message m JOIN place p ON p.op = m.op AND p.n = m.n
      )
      SELECT array_agg(ROW(p.op, p.n, p.lane, p.seq, p.is_claimed)::${schema}.placed_message) INTO placed FROM place p;

      RETURN QUERY
        SELECT p.op,
          CASE
            WHEN NOT p.is_claimed THEN NULL
            -- The message itself need not go back to who has just sent it.
            WHEN p.seq = (p.lane).head
              THEN json_build_object('n', p.n, 'attempt', (p.lane).attempts, 'fence', (p.lane).fence)
            ELSE ${schema}.claimed_send(p.lane)
          END,
          (p.lane).worker IS NULL
        FROM unnest(placed) p;
    END $$;

    -- Locks the lanes of an operation for several conversations.
    CREATE FUNCTION ${schema}.lock_for_staging(
      p_turn_conversation_id text, p_gate_conversation_id text, p_messages json
    ) RETURNS boolean LANGUAGE plpgsql AS $$
    DECLARE
      l record;
    BEGIN
      FOR l IN
        SELECT r.destination COLLATE "C" AS destination, r."conversationId" COLLATE "C" AS conversation_id
          FROM json_to_recordset(p_messages) AS r (destination text, "conversationId" text)
        UNION
        SELECT '', inbox.conversation_id COLLATE "C"
          FROM unnest(ARRAY[p_turn_conversation_id, p_gate_conversation_id]) AS inbox (conversation_id)
          WHERE inbox.conversation_id IS NOT NULL
        ORDER BY 1, 2
      LOOP
        PERFORM ${schema}.lock_lane(l.destination, l.conversation_id);
      END LOOP;
      RETURN true;
    END $$;

    -- One row per operation, status staged, lost, refused, or look as in the inbox; one more (status claimed) per claim
    -- and one more (status transcript) per transcript that could not be written. An operation for several conversations,
    -- or that changes what is known of one, comes alone. Messages say by op which operation they are of.
    CREATE FUNCTION ${schema}.stage_messages(p_operations json, p_messages json, p_clock bigint)
    RETURNS TABLE (
      op int, status text, claim json, "leavesWork" boolean, known json, "transcriptError" text
    ) LANGUAGE plpgsql AS $$
    DECLARE
      stagings ${schema}.staging[];
      messages ${schema}.new_message[];
      s ${schema}.staging;
      with_transcript int[];
      with_work int[];
      has_answers boolean;
      has_changes boolean;
    BEGIN
      SELECT
        array_agg(ROW(o.op, o."turnConversationId", o."turnFence", o."gateConversationId", o.conversation,
          o.transcript IS NOT NULL, o.worker, o."leaseMs",
          CASE
            WHEN (held.lane).number IS NULL AND o."turnConversationId" IS NULL AND o."gateConversationId" IS NOT NULL
              THEN ${schema}.lock_lane('', o."gateConversationId")
            ELSE held.lane
          END, NULL, NULL)::${schema}.staging)
        INTO stagings
      FROM (
        SELECT *, CASE WHEN r."locksAll"
          THEN ${schema}.lock_for_staging(r."turnConversationId", r."gateConversationId", p_messages) END AS locked
        FROM json_to_recordset(p_operations) AS r (
          op int, "conversationId" text, "turnConversationId" text, "turnFence" bigint, "gateConversationId" text,
          conversation json, "locksAll" boolean, transcript json, worker text, "leaseMs" bigint)
        ORDER BY r."conversationId" COLLATE "C", r.op OFFSET 0
      ) o LEFT JOIN LATERAL (
        SELECT l AS lane FROM ${schema}.lanes l
        WHERE l.destination = '' AND l.conversation_id = coalesce(o."turnConversationId", o."gateConversationId")
        FOR UPDATE
      ) held ON true;

      WITH operation AS MATERIALIZED (
        SELECT o.*, i.origin_lane, i.origin_seq,
          o.turn_conversation_id IS NOT NULL
            AND ((o.lane).worker IS NOT NULL AND (o.lane).fence = o.turn_fence) IS NOT TRUE AS is_lost
        FROM unnest(stagings) o LEFT JOIN LATERAL (
          SELECT * FROM ${schema}.inbox e
          WHERE o.turn_conversation_id IS NOT NULL AND e.lane = (o.lane).number AND e.seq = (o.lane).head OFFSET 0
        ) i ON true
      ), message AS MATERIALIZED (
        SELECT m.*, o.turn_conversation_id, o.origin_lane, o.origin_seq, o.worker, o.lease_ms,
          x.is_staged IS NOT NULL AS is_staged,
          -- Of the same that come at once, the first.
          x.is_staged IS NOT NULL OR (o.origin_lane IS NOT NULL AND
            row_number() OVER (PARTITION BY o.origin_lane, o.origin_seq, m.id ORDER BY m.op, m.n) > 1) AS is_repeat
        FROM json_to_recordset(p_messages) AS m (
          op int, n int, id text, "activityId" text, "conversationId" text, destination text, body text,
          "stagedAt" bigint, role text, "reportsFailure" boolean, "traceContext" text, "eventReceivedAt" bigint)
          JOIN operation o ON o.op = m.op
          LEFT JOIN LATERAL (
            SELECT true AS is_staged FROM ${schema}.outbox d
            WHERE d.turn_lane = o.origin_lane AND d.turn_seq = o.origin_seq AND d.id = m.id OFFSET 0
          ) x ON true
      ), staged AS (
        SELECT m.op, bool_and(m.is_staged) AS are_staged FROM message m GROUP BY m.op
      ), answered AS (
        SELECT o.*, c.record, c.version, CASE
            WHEN o.is_lost THEN 'lost'
            WHEN d.are_staged AND (o.gate_conversation_id IS NOT NULL OR o.keeps_transcript) THEN 'staged'
            WHEN ${schema}.must_look(o.step, c.version, c.eventful) THEN 'look'
            WHEN o.step IS NULL AND c.gated THEN 'refused'
          END AS is_answered
        FROM operation o LEFT JOIN staged d ON d.op = o.op LEFT JOIN LATERAL (
          SELECT * FROM ${schema}.conversations k WHERE k.conversation_id = o.gate_conversation_id OFFSET 0
        ) c ON true
      )
      SELECT
        array_agg(ROW(a.op, a.turn_conversation_id, a.turn_fence, a.gate_conversation_id, a.step, a.keeps_transcript,
          a.worker, a.lease_ms, NULL, a.is_answered,
          CASE WHEN a.is_answered = 'look' THEN json_build_object('version', coalesce(a.version, 0), 'record', a.record)
          END)::${schema}.staging),
        (SELECT array_agg(ROW(m.op, m.n, m.id, m."activityId", m."conversationId", m.destination, m.body, m."stagedAt",
            m.role, m."reportsFailure", m."traceContext", m."eventReceivedAt", m.turn_conversation_id, m.origin_lane,
            m.origin_seq, m.worker, m.lease_ms)::${schema}.new_message)
          FILTER (WHERE NOT m.is_repeat) FROM message m),
        bool_or(a.is_answered IS NOT NULL), bool_or(a.step->>'record' IS NOT NULL),
        array_agg(a.op) FILTER (WHERE a.keeps_transcript AND a.is_answered IS NULL)
        INTO stagings, messages, has_answers, has_changes, with_transcript
      FROM answered a;

      IF has_answers THEN
        RETURN QUERY SELECT o.op, o.answer, NULL::json, false, o.known, NULL::text
          FROM unnest(stagings) o WHERE o.answer IS NOT NULL;
        stagings := ARRAY(SELECT o FROM unnest(stagings) o WHERE o.answer IS NULL);
        messages := ARRAY(SELECT m FROM unnest(messages) m WHERE m.op IN (SELECT o.op FROM unnest(stagings) o));
      END IF;
      IF has_changes THEN
        FOREACH s IN ARRAY stagings LOOP
          IF ${schema}.write_conversation(s.gate_conversation_id, s.step, p_clock) > 0 THEN
            with_work := with_work || s.op;
          END IF;
        END LOOP;
      END IF;
      FOR op, claim, "leavesWork" IN SELECT * FROM ${schema}.store_messages(messages, p_clock) LOOP
        IF "leavesWork" THEN
          with_work := with_work || op;
        END IF;
        IF claim IS NOT NULL THEN
          status := 'claimed';
          "leavesWork" := false;
          RETURN NEXT;
        END IF;
      END LOOP;
      RETURN QUERY SELECT o.op, 'staged', NULL::json, coalesce(o.op = ANY (with_work), false), NULL::json, NULL::text
        FROM unnest(stagings) o;
      IF with_transcript IS NOT NULL THEN
        RETURN QUERY SELECT f.op, 'transcript', NULL::json, false, NULL::json, f.error
          FROM ${schema}.write_transcripts(p_operations, with_transcript) f;
      END IF;
    END $$;
  `,
};
