import type { Migration } from './migration';

/**
 * The hot operations take a list of them as JSON and run them in one transaction: one round trip and one fsync for
 * all that waits. One operation that is refused leaves the others alone, so nothing is raised: each is looked at
 * first and written only when nothing stands against it.
 */
export const inboxFunctions: Migration = {
  version: 3,
  name: 'functions for the inbox',
  sql: (schema) => `
    -- The head of a lane that was just claimed.
    CREATE FUNCTION ${schema}.claimed_turn(lane ${schema}.lanes) RETURNS json LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      RETURN (
        SELECT json_build_object(
          'id', i.id, 'conversationId', i.conversation_id, 'source', i.source, 'payload', i.payload,
          'dedupeKey', i.dedupe_key, 'receivedAt', i.received_at, 'traceContext', i.trace_context,
          'attempt', lane.attempts, 'fence', lane.fence,
          'conversation', ${schema}.eventful_record(lane.conversation_id))
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

    -- Remembers a key, unless it is known already. What has no key cannot be told from a repeat, and is new.
    CREATE FUNCTION ${schema}.is_new_key(p_key text, p_now bigint, p_window_ms bigint)
    RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      IF p_key IS NULL THEN
        RETURN true;
      END IF;
      INSERT INTO ${schema}.dedupe_keys AS known (key, expires_at) VALUES (p_key, p_now + p_window_ms)
        ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at WHERE known.expires_at <= p_now;
      RETURN FOUND;
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

    -- status: stored, duplicate, full, or look when the operation's step must first see what is known. backlog: what
    -- waited before, when it was counted. One more row (status transcript) per transcript that could not be written.
    CREATE FUNCTION ${schema}.accept_events(p_operations json)
    RETURNS TABLE (
      op int, status text, claim json, "leavesWork" boolean, backlog bigint, known json, "transcriptError" text
    ) LANGUAGE plpgsql AS $$
    DECLARE
      o record;
      told int;
      with_transcript int[];
      lane ${schema}.lanes;
      old_fence bigint;
      present bigint;
      -- Counted once for all of the list.
      waiting bigint;
    BEGIN
      FOR o IN
        SELECT * FROM json_to_recordset(p_operations) AS r (
          op int, id text, "conversationId" text, source text, payload text, "dedupeKey" text,
          "receivedAt" bigint, "traceContext" text, "maxBacklog" bigint, "dedupeWindowMs" bigint, conversation json, transcript json,
          worker text, "leaseMs" bigint, clock bigint)
        ORDER BY r."conversationId" COLLATE "C", r.op
      LOOP
        op := o.op;
        claim := NULL;
        "leavesWork" := false;
        backlog := NULL;
        known := NULL;
        IF o."maxBacklog" IS NOT NULL THEN
          waiting := coalesce(waiting, ${schema}.waiting_events());
          backlog := waiting;
        END IF;
        IF backlog >= o."maxBacklog" THEN
          status := CASE WHEN ${schema}.is_known_key(o."dedupeKey", coalesce(o.clock, ${schema}.now_ms()))
            THEN 'duplicate' ELSE 'full' END;
          RETURN NEXT;
          CONTINUE;
        END IF;

        lane := ${schema}.lock_lane('', o."conversationId");
        present := coalesce(o.clock, ${schema}.now_ms());
        known := ${schema}.to_look_at(o."conversationId", o.conversation);
        -- While there is something to look at nothing may be written, not even the key.
        IF (CASE WHEN known IS NULL
          THEN NOT ${schema}.is_new_key(o."dedupeKey", present, o."dedupeWindowMs")
          ELSE ${schema}.is_known_key(o."dedupeKey", present) END)
        THEN
          status := 'duplicate';
          known := NULL;
          RETURN NEXT;
          CONTINUE;
        END IF;
        IF known IS NOT NULL THEN
          status := 'look';
          RETURN NEXT;
          CONTINUE;
        END IF;

        status := 'stored';
        told := ${schema}.write_conversation(o."conversationId", o.conversation, o.clock);
        IF told > 0 THEN
          lane := ${schema}.lock_lane('', o."conversationId");
        END IF;
        waiting := waiting + told + 1;
        old_fence := lane.fence;
        lane := ${schema}.push_event(
          lane, o.id, o.source, o.payload, o."dedupeKey", o."receivedAt", o."traceContext", NULL, NULL, o.clock);
        lane := ${schema}.try_claim(lane, o.worker, o."leaseMs", coalesce(o.clock, ${schema}.now_ms()));
        PERFORM ${schema}.save_lane(lane);
        IF lane.fence <> old_fence THEN
          -- The event itself need not go back to who has just sent it.
          claim := CASE WHEN lane.head + 1 = lane.tail
            THEN json_build_object('attempt', lane.attempts, 'fence', lane.fence,
              'conversation', ${schema}.eventful_record(o."conversationId"))
            ELSE ${schema}.claimed_turn(lane) END;
        END IF;
        "leavesWork" := lane.worker IS NULL;
        IF o.transcript IS NOT NULL THEN
          with_transcript := with_transcript || op;
        END IF;
        RETURN NEXT;
      END LOOP;
      IF with_transcript IS NOT NULL THEN
        RETURN QUERY SELECT f.op, 'transcript', NULL::json, false, NULL::bigint, NULL::json, f.error
          FROM ${schema}.write_transcripts(p_operations, with_transcript) f;
      END IF;
    END $$;

    -- status: settled or lost.
    CREATE FUNCTION ${schema}.settle_turns(p_operations json)
    RETURNS TABLE (op int, status text, claim json, "leavesWork" boolean) LANGUAGE plpgsql AS $$
    DECLARE
      o record;
      lane ${schema}.lanes;
      old_fence bigint;
      present bigint;
    BEGIN
      FOR o IN
        SELECT * FROM json_to_recordset(p_operations) AS r (
          op int, "conversationId" text, fence bigint, kind text, "dueAt" bigint, "delayMs" bigint,
          at bigint, reason text, details text, cause text, worker text, "leaseMs" bigint, clock bigint)
        ORDER BY r."conversationId" COLLATE "C", r.op
      LOOP
        op := o.op;
        claim := NULL;
        "leavesWork" := false;
        lane := ${schema}.lock_held_lane('', o."conversationId", o.fence);
        IF lane.worker IS NULL THEN
          status := 'lost';
          RETURN NEXT;
          CONTINUE;
        END IF;

        status := 'settled';
        old_fence := lane.fence;
        present := coalesce(o.clock, ${schema}.now_ms());
        IF o.kind = 'completed' THEN
          INSERT INTO ${schema}.endings (lane, seq, attempt, ended_at)
            VALUES (lane.number, lane.head, lane.attempts, o.at);
        ELSIF o.kind = 'quarantined' THEN
          PERFORM ${schema}.log_attempt(lane, 'quarantined', o.at, o.cause, false);
          PERFORM ${schema}.quarantine_head(lane, o.reason, o.details, o.at);
        ELSIF o.kind = 'retry' THEN
          PERFORM ${schema}.log_attempt(lane, 'failed', o.at, o.cause, false);
        END IF;
        lane := ${schema}.give_back(
          lane,
          CASE WHEN o.kind = 'retry' THEN 'retry' WHEN o.kind IN ('released', 'held') THEN 'release'
            ELSE 'remove' END,
          coalesce(o."dueAt", present + o."delayMs"), o.clock);
        lane := ${schema}.try_claim(lane, o.worker, o."leaseMs", coalesce(o.clock, ${schema}.now_ms()));
        PERFORM ${schema}.save_lane(lane);
        IF lane.fence <> old_fence THEN
          claim := ${schema}.claimed_turn(lane);
        END IF;
        "leavesWork" := lane.worker IS NULL AND lane.due_at IS NOT NULL AND lane.due_at <= ${schema}.now_ms();
        RETURN NEXT;
      END LOOP;
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

    CREATE FUNCTION ${schema}.claim_turns(p_limit int, p_worker text, p_lease_ms bigint, p_clock bigint)
    RETURNS SETOF json LANGUAGE plpgsql AS $$
    BEGIN
      RETURN QUERY
        SELECT ${schema}.claimed_turn(l)
        FROM ${schema}.claim_lanes('', p_limit, p_worker, p_lease_ms, p_clock) l;
    END $$;
  `,
};
