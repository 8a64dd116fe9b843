import type { Migration } from './migration';

/**
 * Each call looks at the oldest p_limit rows from p_from on and drops those that are done with, so that it takes a
 * moment however much waits. It never waits for a lock. `last` is where the next call begins; NULL at the end.
 */
export const pruningFunctions: Migration = {
  version: 9,
  name: 'functions for pruning',
  sql: (schema) => `
    -- Drops a lane that is empty and of which nothing is kept.
    CREATE FUNCTION ${schema}.prune_lane(p_destination text, p_conversation_id text)
    RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      lane ${schema}.lanes;
    BEGIN
      SELECT * INTO lane FROM ${schema}.lanes l
        WHERE l.destination = p_destination AND l.conversation_id = p_conversation_id AND l.head = l.tail
        FOR UPDATE SKIP LOCKED;
      IF NOT FOUND THEN
        RETURN;
      END IF;
      -- Asked only under the lock, for what has come in the meantime.
      DELETE FROM ${schema}.lanes l
        WHERE l.destination = p_destination AND l.conversation_id = p_conversation_id
          AND NOT EXISTS (SELECT FROM ${schema}.inbox i WHERE i.lane = lane.number)
          AND NOT EXISTS (SELECT FROM ${schema}.outbox o WHERE o.lane = lane.number);
    END $$;

    CREATE FUNCTION ${schema}.prune_inbox(p_before bigint, p_from bigint, p_limit int, OUT last bigint)
    LANGUAGE plpgsql AS $$
    DECLARE
      old record;
      looked_at int := 0;
      gone_lanes bigint[];
      gone_seqs bigint[];
    BEGIN
      FOR old IN
        SELECT i.lane, i.seq, i.conversation_id, i.received_at FROM ${schema}.inbox i
        WHERE i.received_at < p_before AND i.received_at >= p_from
        ORDER BY i.received_at LIMIT p_limit FOR UPDATE SKIP LOCKED
      LOOP
        looked_at := looked_at + 1;
        last := old.received_at;
        DELETE FROM ${schema}.inbox i
          WHERE i.lane = old.lane AND i.seq = old.seq
            AND i.seq < (SELECT l.head FROM ${schema}.lanes l
              WHERE l.destination = '' AND l.conversation_id = old.conversation_id);
        IF FOUND THEN
          gone_lanes := gone_lanes || old.lane;
          gone_seqs := gone_seqs || old.seq;
          PERFORM ${schema}.prune_lane('', old.conversation_id);
        END IF;
      END LOOP;
      PERFORM ${schema}.prune_history(gone_lanes, gone_seqs);
      IF looked_at < p_limit THEN
        last := NULL;
      END IF;
    END $$;

    -- Whether a turn may still be run: it waits, is under way, or is in quarantine.
    CREATE FUNCTION ${schema}.may_run_again(p_conversation_id text, p_lane bigint, p_seq bigint)
    RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      RETURN EXISTS (SELECT FROM ${schema}.lanes l
          WHERE l.destination = '' AND l.conversation_id = p_conversation_id AND l.number = p_lane
            AND l.head <= p_seq AND p_seq < l.tail)
        OR EXISTS (SELECT FROM ${schema}.quarantine q
          WHERE q.kind = 'event' AND q.origin_lane = p_lane AND q.origin_seq = p_seq)
        OR EXISTS (SELECT FROM ${schema}.inbox i JOIN ${schema}.lanes l
          ON l.destination = '' AND l.conversation_id = i.conversation_id
          WHERE i.origin_lane = p_lane AND i.origin_seq = p_seq
            AND (i.origin_lane <> i.lane OR i.origin_seq <> i.seq) AND i.seq >= l.head);
    END $$;

    CREATE FUNCTION ${schema}.prune_outbox(p_before bigint, p_from bigint, p_limit int, OUT last bigint)
    LANGUAGE plpgsql AS $$
    DECLARE
      old record;
      looked_at int := 0;
      gone_lanes bigint[];
      gone_seqs bigint[];
    BEGIN
      FOR old IN
        SELECT o.lane, o.seq, o.destination, o.conversation_id, o.turn_conversation_id, o.turn_lane, o.turn_seq,
          o.staged_at
        FROM ${schema}.outbox o
        WHERE o.staged_at < p_before AND o.staged_at >= p_from
        ORDER BY o.staged_at LIMIT p_limit FOR UPDATE SKIP LOCKED
      LOOP
        looked_at := looked_at + 1;
        last := old.staged_at;
        IF old.turn_lane IS NOT NULL
          AND ${schema}.may_run_again(old.turn_conversation_id, old.turn_lane, old.turn_seq)
        THEN
          CONTINUE;
        END IF;
        DELETE FROM ${schema}.outbox o
          WHERE o.lane = old.lane AND o.seq = old.seq
            AND o.seq < (SELECT l.head FROM ${schema}.lanes l
              WHERE l.destination = old.destination AND l.conversation_id = old.conversation_id)
            AND NOT EXISTS (SELECT FROM ${schema}.dead_letters d
              WHERE d.lane = old.lane AND d.seq = old.seq);
        IF FOUND THEN
          gone_lanes := gone_lanes || old.lane;
          gone_seqs := gone_seqs || old.seq;
          PERFORM ${schema}.prune_lane(old.destination, old.conversation_id);
          -- Made, perhaps, by nothing but the look at who has the conversation.
          PERFORM ${schema}.prune_lane('', old.conversation_id);
        END IF;
      END LOOP;
      PERFORM ${schema}.prune_history(gone_lanes, gone_seqs);
      IF looked_at < p_limit THEN
        last := NULL;
      END IF;
    END $$;

    -- Both return how many have gone.
    CREATE FUNCTION ${schema}.prune_dedupe_keys(p_clock bigint, p_limit int) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
      gone bigint;
      -- As a variable: no index helps against a value that may be another for each row.
      present bigint := coalesce(p_clock, ${schema}.now_ms());
    BEGIN
      DELETE FROM ${schema}.dedupe_keys k WHERE k.key IN (
        SELECT old.key FROM ${schema}.dedupe_keys old
        WHERE old.expires_at <= present
        ORDER BY old.expires_at LIMIT p_limit FOR UPDATE SKIP LOCKED);
      GET DIAGNOSTICS gone = ROW_COUNT;
      RETURN gone;
    END $$;

    CREATE FUNCTION ${schema}.prune_deliveries(p_before bigint, p_limit int) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
      gone bigint;
    BEGIN
      DELETE FROM ${schema}.deliveries d USING (
        SELECT old.conversation_id, old.platform_message_id FROM ${schema}.deliveries old
        WHERE old.delivered_at < p_before
        ORDER BY old.delivered_at LIMIT p_limit FOR UPDATE SKIP LOCKED) old
        WHERE d.conversation_id = old.conversation_id AND d.platform_message_id = old.platform_message_id;
      GET DIAGNOSTICS gone = ROW_COUNT;
      RETURN gone;
    END $$;
  `,
};
