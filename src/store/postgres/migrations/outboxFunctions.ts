import type { Migration } from './migration';

/** Staging, claiming and settling, each for a list of operations as in the inbox. */
export const outboxFunctions: Migration = {
  version: 5,
  name: 'functions for the outbox',
  sql: (schema) => `
    -- The head of a lane that was just claimed.
    CREATE FUNCTION ${schema}.claimed_send(lane ${schema}.lanes) RETURNS json LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      RETURN (
        SELECT json_build_object(
          'id', o.id, 'activityId', o.activity_id, 'conversationId', o.conversation_id,
          'destination', o.destination, 'body', o.body, 'stagedAt', o.staged_at,
          'role', o.role, 'reportsFailure', o.reports_failure, 'traceContext', o.trace_context,
          'eventReceivedAt', o.event_received_at,
          'ambiguousAttempts', o.ambiguous_attempts + lane.ambiguous_attempts,
          'lastError', coalesce(lane.last_error, o.last_error),
          'attempt', lane.attempts, 'fence', lane.fence)
        FROM ${schema}.outbox o
        WHERE o.lane = lane.number AND o.seq = lane.head);
    END $$;

    CREATE FUNCTION ${schema}.claim_sends(
      p_destination text, p_limit int, p_worker text, p_lease_ms bigint, p_clock bigint
    ) RETURNS SETOF json LANGUAGE plpgsql AS $$
    BEGIN
      RETURN QUERY
        SELECT ${schema}.claimed_send(l)
        FROM ${schema}.claim_lanes(p_destination, p_limit, p_worker, p_lease_ms, p_clock) l;
    END $$;

    CREATE TYPE ${schema}.staged_message AS (
      n int, id text, "activityId" text, "conversationId" text, destination text, body text,
      "stagedAt" bigint, role text, "reportsFailure" boolean, "traceContext" text,
      "eventReceivedAt" bigint
    );

    -- Puts a message at the end of its lane and claims the lane's head where it may. Returns the claim, if any.
    CREATE FUNCTION ${schema}.stage_message(
      m ${schema}.staged_message, p_turn_conversation_id text, p_turn_lane bigint, p_turn_seq bigint,
      p_worker text, p_lease_ms bigint, p_clock bigint,
      OUT claim json, OUT leaves_work boolean
    ) LANGUAGE plpgsql AS $$
    DECLARE
      lane ${schema}.lanes := ${schema}.lock_lane(m.destination, m."conversationId");
      old_fence bigint := lane.fence;
    BEGIN
      leaves_work := false;
      INSERT INTO ${schema}.outbox
        (lane, seq, id, destination, conversation_id, activity_id, body, role, reports_failure,
          staged_at, trace_context, event_received_at, turn_conversation_id, turn_lane, turn_seq)
      VALUES
        (lane.number, lane.tail, m.id, m.destination, m."conversationId", m."activityId", m.body, m.role,
          m."reportsFailure", m."stagedAt", m."traceContext", m."eventReceivedAt",
          p_turn_conversation_id, p_turn_lane, p_turn_seq)
      ON CONFLICT (turn_lane, turn_seq, id) WHERE turn_lane IS NOT NULL DO NOTHING;
      IF NOT FOUND THEN
        RETURN;
      END IF;
      lane := ${schema}.append(lane, m."stagedAt", p_clock);
      lane := ${schema}.try_claim(lane, p_worker, p_lease_ms, coalesce(p_clock, ${schema}.now_ms()));
      PERFORM ${schema}.save_lane(lane);
      IF lane.fence <> old_fence THEN
        -- The message itself need not go back to who has just sent it.
        claim := CASE WHEN lane.head + 1 = lane.tail
          THEN json_build_object('n', m.n, 'attempt', lane.attempts, 'fence', lane.fence)
          ELSE ${schema}.claimed_send(lane) END;
      END IF;
      leaves_work := lane.worker IS NULL;
    END $$;

    -- Locks the lanes of one operation, where there are more than its turn's conversation has by nature.
    CREATE FUNCTION ${schema}.lock_for_staging(
      p_turn_conversation_id text, p_gate_conversation_id text, p_messages json
    ) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      l record;
    BEGIN
      FOR l IN
        SELECT r."conversationId" COLLATE "C" AS conversation_id, r.destination COLLATE "C" AS destination
          FROM json_to_recordset(p_messages) AS r (destination text, "conversationId" text)
        UNION
        SELECT inbox.conversation_id COLLATE "C", ''
          FROM unnest(ARRAY[p_turn_conversation_id, p_gate_conversation_id]) AS inbox (conversation_id)
          WHERE inbox.conversation_id IS NOT NULL
        ORDER BY 1, 2
      LOOP
        PERFORM ${schema}.lock_lane(l.destination, l.conversation_id);
      END LOOP;
    END $$;

    -- Whether a turn has sent all of the messages before.
    CREATE FUNCTION ${schema}.are_staged(p_messages json, p_turn_lane bigint, p_turn_seq bigint)
    RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      RETURN json_array_length(p_messages) > 0 AND NOT EXISTS (
        SELECT FROM json_to_recordset(p_messages) AS r (id text)
        WHERE NOT EXISTS (SELECT FROM ${schema}.outbox o
          WHERE o.turn_lane = p_turn_lane AND o.turn_seq = p_turn_seq AND o.id = r.id));
    END $$;

    -- One row per operation, status staged, lost, refused, or look as in the inbox; one more (status claimed) per claim
    -- and one more (status transcript) per transcript that could not be written. An operation for several conversations
    -- comes alone.
    CREATE FUNCTION ${schema}.stage_messages(p_operations json)
    RETURNS TABLE (
      op int, status text, claim json, "leavesWork" boolean, known json, "transcriptError" text
    ) LANGUAGE plpgsql AS $$
    DECLARE
      o record;
      with_transcript int[];
      m ${schema}.staged_message;
      turn ${schema}.lanes;
      origin record;
      staged record;
      any_work boolean;
    BEGIN
      FOR o IN
        SELECT * FROM json_to_recordset(p_operations) AS r (
          op int, "conversationId" text, "turnConversationId" text, "turnFence" bigint, messages json,
          "gateConversationId" text, conversation json, "locksAll" boolean, transcript json,
          worker text, "leaseMs" bigint, clock bigint)
        ORDER BY r."conversationId" COLLATE "C", r.op
      LOOP
        op := o.op;
        claim := NULL;
        "leavesWork" := false;
        any_work := false;
        known := NULL;
        SELECT NULL::bigint AS lane, NULL::bigint AS seq INTO origin;
        IF o."locksAll" THEN
          PERFORM ${schema}.lock_for_staging(o."turnConversationId", o."gateConversationId", o.messages);
        END IF;
        IF o."turnConversationId" IS NOT NULL THEN
          turn := ${schema}.lock_held_lane('', o."turnConversationId", o."turnFence");
          IF turn.worker IS NULL THEN
            status := 'lost';
            RETURN NEXT;
            CONTINUE;
          END IF;
          SELECT i.origin_lane AS lane, i.origin_seq AS seq INTO origin
            FROM ${schema}.inbox i WHERE i.lane = turn.number AND i.seq = turn.head;
          -- Those that bring a message alone find out when they write it.
          IF (o."gateConversationId" IS NOT NULL OR o.transcript IS NOT NULL)
            AND ${schema}.are_staged(o.messages, origin.lane, origin.seq)
          THEN
            status := 'staged';
            RETURN NEXT;
            CONTINUE;
          END IF;
        END IF;
        IF o."gateConversationId" IS NOT NULL THEN
          PERFORM ${schema}.lock_lane('', o."gateConversationId");
          known := ${schema}.to_look_at(o."gateConversationId", o.conversation);
          status := CASE WHEN known IS NOT NULL THEN 'look'
            WHEN o.conversation IS NULL AND ${schema}.is_gated(o."gateConversationId") THEN 'refused' END;
          IF status IS NOT NULL THEN
            RETURN NEXT;
            CONTINUE;
          END IF;
          any_work := ${schema}.write_conversation(o."gateConversationId", o.conversation, o.clock) > 0;
        END IF;
        status := 'claimed';
        FOR m IN
          SELECT * FROM json_populate_recordset(NULL::${schema}.staged_message, o.messages) AS r ORDER BY r.n
        LOOP
          staged := ${schema}.stage_message(
            m, o."turnConversationId", origin.lane, origin.seq, o.worker, o."leaseMs", o.clock);
          any_work := any_work OR staged.leaves_work;
          IF staged.claim IS NOT NULL THEN
            claim := staged.claim;
            RETURN NEXT;
          END IF;
        END LOOP;
        status := 'staged';
        claim := NULL;
        "leavesWork" := any_work;
        IF o.transcript IS NOT NULL THEN
          with_transcript := with_transcript || op;
        END IF;
        RETURN NEXT;
      END LOOP;
      IF with_transcript IS NOT NULL THEN
        RETURN QUERY SELECT f.op, 'transcript', NULL::json, false, NULL::json, f.error
          FROM ${schema}.write_transcripts(p_operations, with_transcript) f;
      END IF;
    END $$;

    -- Takes the head for a dead letter.
    CREATE FUNCTION ${schema}.bury_head(lane ${schema}.lanes, p_reason text, p_at bigint)
    RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ${schema}.dead_letters (id, lane, seq, attempts, ambiguous_attempts, reason, died_at)
        SELECT o.id, o.lane, o.seq, lane.attempts, o.ambiguous_attempts + lane.ambiguous_attempts, p_reason, p_at
        FROM ${schema}.outbox o
        WHERE o.lane = lane.number AND o.seq = lane.head;
    END $$;

    -- Remembers what the platform calls the head.
    CREATE FUNCTION ${schema}.note_delivery(lane ${schema}.lanes, p_platform_message_id text, p_at bigint)
    RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ${schema}.deliveries (conversation_id, platform_message_id, activity_id, delivered_at)
        SELECT o.conversation_id, p_platform_message_id, o.activity_id, p_at
        FROM ${schema}.outbox o
        WHERE o.lane = lane.number AND o.seq = lane.head
      ON CONFLICT (conversation_id, platform_message_id) DO UPDATE SET
        activity_id = excluded.activity_id, delivered_at = excluded.delivered_at;
    END $$;

    -- status: settled, lost, look as in the inbox, or stale when the health has changed since the caller computed its
    -- next. An operation that changes the health, which many share, or that looks at the conversation, comes alone.
    CREATE FUNCTION ${schema}.settle_sends(p_operations json)
    RETURNS TABLE (op int, status text, claim json, "leavesWork" boolean, known json) LANGUAGE plpgsql AS $$
    DECLARE
      o record;
      told int;
      lane ${schema}.lanes;
      old_fence bigint;
      present bigint;
    BEGIN
      FOR o IN
        SELECT * FROM json_to_recordset(p_operations) AS r (
          op int, destination text, "conversationId" text, fence bigint, kind text, at bigint,
          "platformMessageId" text, "dueAt" bigint, "delayMs" bigint, error text, "isAmbiguous" boolean,
          notice json, conversation json, "healthVersion" bigint, health text, worker text, "leaseMs" bigint, clock bigint)
        ORDER BY r."conversationId" COLLATE "C", r.destination COLLATE "C", r.op
      LOOP
        op := o.op;
        claim := NULL;
        "leavesWork" := false;
        known := NULL;
        IF o.notice IS NOT NULL OR o.conversation IS NOT NULL THEN
          PERFORM ${schema}.lock_lane('', o."conversationId");
        END IF;
        lane := ${schema}.lock_held_lane(o.destination, o."conversationId", o.fence);
        IF lane.worker IS NULL THEN
          status := 'lost';
          RETURN NEXT;
          CONTINUE;
        END IF;
        known := ${schema}.to_look_at(o."conversationId", o.conversation);
        IF known IS NOT NULL THEN
          status := 'look';
          RETURN NEXT;
          CONTINUE;
        END IF;
        IF NOT ${schema}.follow_health(o.destination, o."healthVersion", o.health) THEN
          status := 'stale';
          RETURN NEXT;
          CONTINUE;
        END IF;

        status := 'settled';
        old_fence := lane.fence;
        present := coalesce(o.clock, ${schema}.now_ms());
        IF o."isAmbiguous" THEN
          lane.ambiguous_attempts := lane.ambiguous_attempts + 1;
        END IF;
        lane.last_error := coalesce(o.error, lane.last_error);
        IF o.kind = 'delivered' THEN
          INSERT INTO ${schema}.endings (lane, seq, attempt, ended_at)
            VALUES (lane.number, lane.head, lane.attempts, o.at);
          IF o."platformMessageId" IS NOT NULL THEN
            PERFORM ${schema}.note_delivery(lane, o."platformMessageId", o.at);
          END IF;
        ELSIF o.kind <> 'released' THEN
          PERFORM ${schema}.log_attempt(
            lane, CASE o.kind WHEN 'retry' THEN 'failed' ELSE o.kind END, o.at, o.error, o."isAmbiguous");
          IF o.kind = 'dead' THEN
            PERFORM ${schema}.bury_head(lane, o.error, o.at);
          END IF;
        END IF;
        told := ${schema}.write_conversation(o."conversationId", o.conversation, o.clock);
        IF o.notice IS NOT NULL THEN
          PERFORM ${schema}.push_notice(o.notice, o.clock);
        END IF;
        lane := ${schema}.give_back(
          lane,
          CASE WHEN o.kind = 'retry' THEN 'retry' WHEN o.kind IN ('held', 'released') THEN 'release'
            ELSE 'remove' END,
          coalesce(o."dueAt", present + o."delayMs"), o.clock);
        lane := ${schema}.try_claim(lane, o.worker, o."leaseMs", coalesce(o.clock, ${schema}.now_ms()));
        PERFORM ${schema}.save_lane(lane);
        IF lane.fence <> old_fence THEN
          claim := ${schema}.claimed_send(lane);
        END IF;
        "leavesWork" := o.notice IS NOT NULL OR told > 0
          OR (lane.worker IS NULL AND lane.due_at IS NOT NULL AND lane.due_at <= ${schema}.now_ms());
        RETURN NEXT;
      END LOOP;
    END $$;
  `,
};
