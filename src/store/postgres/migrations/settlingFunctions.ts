import { headOf, sendJson, turnJson } from './claimJson';
import type { Migration } from './migration';

/** What becomes of turns and sends, for a list of them as in the inbox. */
export const settlingFunctions: Migration = {
  version: 6,
  name: 'functions for settling',
  sql: (schema) => `
    -- What becomes of a turn or of a send. Its lane is locked.
    CREATE TYPE ${schema}.settlement AS (
      op int, kind text, at bigint, due_at bigint, delay_ms bigint, reason text, details text, cause text,
      is_ambiguous boolean, platform_message_id text, worker text, lease_ms bigint, lane ${schema}.lanes
    );

    CREATE TYPE ${schema}.settled AS (op int, lane ${schema}.lanes, is_claimed boolean, leaves_work boolean);

    -- The holders are done with the heads: with what is retried for now, with what is released or held as if it had never
    -- been claimed, with the rest for good. Claims what comes next where it may.
    CREATE FUNCTION ${schema}.settle_lanes(p_settlements ${schema}.settlement[], p_clock bigint)
    RETURNS ${schema}.settled[] LANGUAGE plpgsql AS $$
    DECLARE
      settled ${schema}.settled[];
      present bigint := coalesce(p_clock, ${schema}.now_ms());
      at_once bigint := CASE WHEN p_clock IS NULL THEN present ELSE 0 END;
    BEGIN
        WITH held AS MATERIALIZED (
          SELECT s.op, s.kind, s.at, s.worker AS claimant, present + s.lease_ms AS claim_until,
            coalesce(s.due_at, present + s.delay_ms) AS asked_due_at, s.is_ambiguous, s.reason AS error,
            s.kind IN ('completed', 'quarantined', 'delivered', 'dead') AS is_done,
            (s.lane).head + 1 < (s.lane).tail AS has_next, (s.lane).*
          FROM unnest(p_settlements) s
        ), due AS (
          SELECT h.*, CASE
            WHEN h.is_done THEN CASE WHEN h.has_next THEN at_once END
            WHEN h.kind = 'retry' THEN h.asked_due_at
            ELSE coalesce(h.asked_due_at, h.due_at) END AS next_due_at
          FROM held h
        ), claim AS (
          SELECT d.*, coalesce(d.claimant IS NOT NULL AND d.next_due_at <= present, false) AS claims FROM due d
        ), after AS MATERIALIZED (
          SELECT c.op, c.kind, c.at, c.number, c.head AS settled, c.attempts AS attempt, c.claims,
            ROW(
              c.destination, c.conversation_id, c.number,
              c.head + CASE WHEN c.is_done THEN 1 ELSE 0 END,
              c.tail,
              CASE WHEN c.is_done THEN 0 WHEN c.kind = 'retry' THEN c.attempts ELSE c.attempts - 1 END
                + CASE WHEN c.claims THEN 1 ELSE 0 END,
              CASE WHEN c.is_done THEN 0 WHEN c.is_ambiguous THEN c.ambiguous_attempts + 1 ELSE c.ambiguous_attempts END,
              CASE WHEN NOT c.is_done THEN coalesce(c.error, c.last_error) END,
              CASE WHEN NOT c.is_done THEN c.head_since
                WHEN NOT c.has_next THEN NULL
                WHEN c.destination = '' THEN
                  (SELECT i.received_at FROM ${schema}.inbox i WHERE i.lane = c.number AND i.seq = c.head + 1)
                ELSE (SELECT o.staged_at FROM ${schema}.outbox o WHERE o.lane = c.number AND o.seq = c.head + 1) END,
              c.next_due_at,
              CASE WHEN c.claims THEN c.claimant END,
              CASE WHEN c.claims THEN c.claim_until END,
              CASE WHEN c.claims THEN nextval('${schema}.fences') ELSE c.fence END
            )::${schema}.lanes AS lane
          FROM claim c
        ), ended AS (
          INSERT INTO ${schema}.endings (lane, seq, attempt, ended_at)
            SELECT a.number, a.settled, a.attempt, a.at FROM after a WHERE a.kind IN ('completed', 'delivered')
        ), saved AS (
          -- All of them are there: said so, for a join could be planned badly.
          INSERT INTO ${schema}.lanes SELECT (a.lane).* FROM after a
          ON CONFLICT (conversation_id, destination) DO UPDATE SET
            head = excluded.head, attempts = excluded.attempts, ambiguous_attempts = excluded.ambiguous_attempts,
            last_error = excluded.last_error, head_since = excluded.head_since, due_at = excluded.due_at,
            worker = excluded.worker, lease_until = excluded.lease_until, fence = excluded.fence
        )
        SELECT array_agg(ROW(a.op, a.lane, a.claims,
          NOT a.claims AND coalesce((a.lane).due_at <= ${schema}.now_ms(), false))::${schema}.settled)
          INTO settled FROM after a;
      RETURN settled;
    END $$;

    -- status: settled or lost.
    CREATE FUNCTION ${schema}.settle_turns(p_operations json, p_clock bigint)
    RETURNS TABLE (op int, status text, claim json, "leavesWork" boolean) LANGUAGE plpgsql AS $$
    DECLARE
      settlements ${schema}.settlement[];
      settled ${schema}.settled[];
      s ${schema}.settlement;
      lost int[];
      has_failed boolean;
    BEGIN
      SELECT
        array_agg(ROW(o.op, o.kind, o.at, o."dueAt", o."delayMs", o.reason, o.details, o.cause, false, NULL, o.worker,
          o."leaseMs", held.lane)::${schema}.settlement) FILTER (WHERE (held.lane).worker IS NOT NULL),
        array_agg(o.op) FILTER (WHERE (held.lane).worker IS NULL), bool_or(o.kind IN ('quarantined', 'retry'))
        INTO settlements, lost, has_failed
      FROM (
        SELECT r.*, row_number() OVER (PARTITION BY r.fence ORDER BY r.op) AS nth
        FROM json_to_recordset(p_operations) AS r (
          op int, "conversationId" text, fence bigint, kind text, "dueAt" bigint, "delayMs" bigint, at bigint,
          reason text, details text, cause text, worker text, "leaseMs" bigint)
        ORDER BY r."conversationId" COLLATE "C", r.op OFFSET 0
      ) o LEFT JOIN LATERAL (
        -- The worker is not asked for: its index would be the longer way.
        SELECT l AS lane FROM ${schema}.lanes l
        WHERE l.destination = '' AND l.conversation_id = o."conversationId" AND l.fence = o.fence
          AND o.nth = 1
        FOR UPDATE
      ) held ON true;
      IF lost IS NOT NULL THEN
        RETURN QUERY SELECT o, 'lost', NULL::json, false FROM unnest(lost) o;
      END IF;
      IF settlements IS NULL THEN
        RETURN;
      END IF;
      IF has_failed THEN
        FOREACH s IN ARRAY settlements LOOP
          IF s.kind = 'quarantined' THEN
            PERFORM ${schema}.log_attempt(s.lane, 'quarantined', s.at, s.cause, false);
            PERFORM ${schema}.quarantine_head(s.lane, s.reason, s.details, s.at);
          ELSIF s.kind = 'retry' THEN
            PERFORM ${schema}.log_attempt(s.lane, 'failed', s.at, s.cause, false);
          END IF;
        END LOOP;
      END IF;
      settled := ${schema}.settle_lanes(settlements, p_clock);
      RETURN QUERY
        SELECT m.op, 'settled', CASE WHEN m.is_claimed THEN ${turnJson(schema, 'h', 'm.lane')} END, m.leaves_work
        FROM unnest(settled) m LEFT JOIN ${headOf(`${schema}.inbox`, 'm.lane', 'm.is_claimed')} h ON true;
    END $$;

    CREATE FUNCTION ${schema}.quarantine_head(
      lane ${schema}.lanes, p_reason text, p_details text, p_at bigint
    ) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ${schema}.quarantine
        (id, kind, reason, details, body, received_at, conversation_id, origin_lane, origin_seq, source, dedupe_key,
          trace_context, attempts, quarantined_at)
      SELECT i.id, 'event', p_reason, p_details, i.payload, i.received_at, i.conversation_id, i.origin_lane, i.origin_seq,
        i.source, i.dedupe_key, i.trace_context, lane.attempts, p_at
      FROM ${schema}.inbox i WHERE i.lane = lane.number AND i.seq = lane.head
      ON CONFLICT (id) DO UPDATE SET
        reason = excluded.reason, details = excluded.details, attempts = excluded.attempts,
        quarantined_at = excluded.quarantined_at,
        origin_lane = excluded.origin_lane, origin_seq = excluded.origin_seq;
    END $$;

    -- Takes the head for a dead letter.
    CREATE FUNCTION ${schema}.bury_head(
      lane ${schema}.lanes, p_is_ambiguous boolean, p_reason text, p_at bigint
    ) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ${schema}.dead_letters (id, lane, seq, attempts, ambiguous_attempts, reason, died_at)
        SELECT o.id, o.lane, o.seq, lane.attempts,
          o.ambiguous_attempts + lane.ambiguous_attempts + CASE WHEN p_is_ambiguous THEN 1 ELSE 0 END, p_reason, p_at
        FROM ${schema}.outbox o
        WHERE o.lane = lane.number AND o.seq = lane.head;
    END $$;

    -- Remembers what the platform calls the messages that were delivered.
    CREATE FUNCTION ${schema}.note_deliveries(p_settlements ${schema}.settlement[]) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ${schema}.deliveries (conversation_id, platform_message_id, activity_id, delivered_at)
        SELECT DISTINCT ON (o.conversation_id, s.platform_message_id COLLATE "C")
          o.conversation_id, s.platform_message_id, o.activity_id, s.at
        FROM unnest(p_settlements) s CROSS JOIN LATERAL (
          SELECT * FROM ${schema}.outbox m WHERE m.lane = (s.lane).number AND m.seq = (s.lane).head OFFSET 0
        ) o
        WHERE s.platform_message_id IS NOT NULL
        ORDER BY o.conversation_id, s.platform_message_id COLLATE "C", s.op DESC
      ON CONFLICT (conversation_id, platform_message_id) DO UPDATE SET
        activity_id = excluded.activity_id, delivered_at = excluded.delivered_at;
    END $$;

    -- status: settled, lost, or stale when the health has changed since the caller computed its next, which is the same.
    CREATE FUNCTION ${schema}.settle_sends(p_operations json, p_clock bigint)
    RETURNS TABLE (op int, status text, claim json, "leavesWork" boolean, known json) LANGUAGE plpgsql AS $$
    DECLARE
      settlements ${schema}.settlement[];
      settled ${schema}.settled[];
      s ${schema}.settlement;
      lost int[];
      stale int[];
      has_failed boolean;
      has_names boolean;
    BEGIN
      SELECT
        array_agg(ROW(o.op, o.kind, o.at, o."dueAt", o."delayMs", o.error, NULL, NULL, o."isAmbiguous",
          o."platformMessageId", o.worker, o."leaseMs", held.lane)::${schema}.settlement)
          FILTER (WHERE (held.lane).worker IS NOT NULL AND o.is_current),
        array_agg(o.op) FILTER (WHERE (held.lane).worker IS NULL),
        array_agg(o.op) FILTER (WHERE (held.lane).worker IS NOT NULL AND NOT o.is_current),
        bool_or(o.kind NOT IN ('delivered', 'released')), bool_or(o."platformMessageId" IS NOT NULL)
        INTO settlements, lost, stale, has_failed, has_names
      FROM (
        SELECT r.*, row_number() OVER (PARTITION BY r.fence ORDER BY r.op) AS nth,
          r."healthVersion" IS NULL OR r."healthVersion" = coalesce(
            (SELECT d.version FROM ${schema}.destinations d WHERE d.destination = r.destination), 0) AS is_current
        FROM json_to_recordset(p_operations) AS r (
          op int, destination text, "conversationId" text, fence bigint, kind text, at bigint,
          "platformMessageId" text, "dueAt" bigint, "delayMs" bigint, error text, "isAmbiguous" boolean,
          "healthVersion" bigint, worker text, "leaseMs" bigint)
        ORDER BY r.destination COLLATE "C", r."conversationId" COLLATE "C", r.op OFFSET 0
      ) o LEFT JOIN LATERAL (
        SELECT l AS lane FROM ${schema}.lanes l
        WHERE l.destination = o.destination AND l.conversation_id = o."conversationId" AND l.fence = o.fence
          AND o.nth = 1
        FOR UPDATE
      ) held ON true;
      IF lost IS NOT NULL THEN
        RETURN QUERY SELECT o, 'lost', NULL::json, false, NULL::json FROM unnest(lost) o;
      END IF;
      IF stale IS NOT NULL THEN
        RETURN QUERY SELECT o, 'stale', NULL::json, false, NULL::json FROM unnest(stale) o;
      END IF;
      IF settlements IS NULL THEN
        RETURN;
      END IF;
      IF has_names THEN
        PERFORM ${schema}.note_deliveries(settlements);
      END IF;
      IF has_failed THEN
        FOREACH s IN ARRAY settlements LOOP
          IF s.kind NOT IN ('delivered', 'released') THEN
            PERFORM ${schema}.log_attempt(
              s.lane, CASE s.kind WHEN 'retry' THEN 'failed' ELSE s.kind END, s.at, s.reason, s.is_ambiguous);
          END IF;
          IF s.kind = 'dead' THEN
            PERFORM ${schema}.bury_head(s.lane, s.is_ambiguous, s.reason, s.at);
          END IF;
        END LOOP;
      END IF;
      settled := ${schema}.settle_lanes(settlements, p_clock);
      RETURN QUERY
        SELECT m.op, 'settled', CASE WHEN m.is_claimed THEN ${sendJson('h', 'm.lane')} END, m.leaves_work, NULL::json
        FROM unnest(settled) m LEFT JOIN ${headOf(`${schema}.outbox`, 'm.lane', 'm.is_claimed')} h ON true;
    END $$;

    -- The same for a list of one that changes the health, which many share, or has a step or a notice: it locks the
    -- conversation as well. status may also be look, as in the inbox.
    CREATE FUNCTION ${schema}.settle_send_alone(p_operations json, p_clock bigint)
    RETURNS TABLE (op int, status text, claim json, "leavesWork" boolean, known json) LANGUAGE plpgsql AS $$
    DECLARE
      o record;
      told int := 0;
    BEGIN
      SELECT * INTO o FROM json_to_recordset(p_operations) AS r (
        op int, destination text, "conversationId" text, fence bigint, notice json, conversation json,
        "oldHealthVersion" bigint, health text);
      op := o.op;
      "leavesWork" := false;
      IF o.notice IS NOT NULL OR o.conversation IS NOT NULL THEN
        PERFORM ${schema}.lock_lane('', o."conversationId");
      END IF;
      IF ${schema}.holds_lane(o.destination, o."conversationId", o.fence) THEN
        known := ${schema}.to_look_at(o."conversationId", o.conversation);
        status := CASE WHEN known IS NOT NULL THEN 'look'
          WHEN NOT ${schema}.follow_health(o.destination, o."oldHealthVersion", o.health) THEN 'stale' END;
        IF status IS NOT NULL THEN
          RETURN NEXT;
          RETURN;
        END IF;
        told := ${schema}.write_conversation(o."conversationId", o.conversation, p_clock);
        IF o.notice IS NOT NULL THEN
          PERFORM ${schema}.push_notice(o.notice, p_clock);
          told := told + 1;
        END IF;
      END IF;
      RETURN QUERY SELECT s.op, s.status, s.claim, s."leavesWork" OR told > 0, NULL::json
        FROM ${schema}.settle_sends(p_operations, p_clock) s;
    END $$;
  `,
};
