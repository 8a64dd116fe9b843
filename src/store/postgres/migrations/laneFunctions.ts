import type { Migration } from './migration';

/**
 * What can be done to a lane. All of it happens under the lock of the lane's row. Locks are always taken in this
 * order, so that no two transactions wait for each other: keys of repeats, then lanes in order of destination and
 * conversation (inboxes, which have no destination, first), then a destination's health, then transcripts in order of
 * their keys. The lock of a conversation's inbox is also that of what is known of the conversation.
 *
 * A `clock` is the caller's time, or NULL for the server's: replicas' clocks differ, the server has but one.
 */
export const laneFunctions: Migration = {
  version: 2,
  name: 'functions for lanes',
  sql: (schema) => `
    CREATE FUNCTION ${schema}.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS $$
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint
    $$;

    -- The due time of a head that may be claimed at once. By the caller's clock the present is not always known.
    CREATE FUNCTION ${schema}.at_once(p_clock bigint) RETURNS bigint LANGUAGE sql VOLATILE AS $$
      SELECT CASE WHEN p_clock IS NULL THEN ${schema}.now_ms() ELSE 0 END
    $$;

    -- Locks a lane, and makes it when there is none.
    CREATE FUNCTION ${schema}.lock_lane(p_destination text, p_conversation_id text)
    RETURNS ${schema}.lanes LANGUAGE plpgsql AS $$
    DECLARE
      lane ${schema}.lanes;
    BEGIN
      LOOP
        SELECT * INTO lane FROM ${schema}.lanes l
          WHERE l.destination = p_destination AND l.conversation_id = p_conversation_id FOR UPDATE;
        IF FOUND THEN
          RETURN lane;
        END IF;
        INSERT INTO ${schema}.lanes (destination, conversation_id)
          VALUES (p_destination, p_conversation_id) ON CONFLICT DO NOTHING RETURNING * INTO lane;
        IF FOUND THEN
          RETURN lane;
        END IF;
      END LOOP;
    END $$;

    -- Whether a lane is held under a fence. Locks it.
    CREATE FUNCTION ${schema}.holds_lane(p_destination text, p_conversation_id text, p_fence bigint)
    RETURNS boolean LANGUAGE plpgsql AS $$
    DECLARE
      holder text;
    BEGIN
      -- The worker is not asked for: its index would be the longer way.
      SELECT l.worker INTO holder FROM ${schema}.lanes l
        WHERE l.destination = p_destination AND l.conversation_id = p_conversation_id AND l.fence = p_fence
        FOR UPDATE;
      RETURN holder IS NOT NULL;
    END $$;

    CREATE FUNCTION ${schema}.save_lane(lane ${schema}.lanes) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE ${schema}.lanes l SET
        head = lane.head, tail = lane.tail, attempts = lane.attempts,
        ambiguous_attempts = lane.ambiguous_attempts, last_error = lane.last_error, head_since = lane.head_since,
        due_at = lane.due_at, worker = lane.worker, lease_until = lane.lease_until, fence = lane.fence
      WHERE l.destination = lane.destination AND l.conversation_id = lane.conversation_id;
    END $$;

    -- Makes room at the end for one more, that was received or staged at p_since.
    CREATE FUNCTION ${schema}.append(lane ${schema}.lanes, p_since bigint, p_clock bigint)
    RETURNS ${schema}.lanes LANGUAGE plpgsql AS $$
    BEGIN
      IF lane.head = lane.tail THEN
        lane.due_at := ${schema}.at_once(p_clock);
        lane.head_since := p_since;
      END IF;
      lane.tail := lane.tail + 1;
      RETURN lane;
    END $$;

    -- Gives the head to a worker, whose last holder has left it unsettled. One sequence for the fences of all lanes: a lane
    -- that was dropped and made again must not reuse an old one.
    CREATE FUNCTION ${schema}.take_over(lane ${schema}.lanes, p_worker text, p_lease_ms bigint, p_now bigint)
    RETURNS ${schema}.lanes LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM ${schema}.log_abandoned(lane, p_now);
      -- It may have arrived (I7).
      IF lane.destination <> '' THEN
        lane.ambiguous_attempts := lane.ambiguous_attempts + 1;
      END IF;
      lane.attempts := lane.attempts + 1;
      lane.worker := p_worker;
      lane.lease_until := p_now + p_lease_ms;
      lane.fence := nextval('${schema}.fences');
      RETURN lane;
    END $$;

    -- Claims the heads of up to p_limit lanes: first those whose lease has run out, then who has waited longest.
    CREATE FUNCTION ${schema}.claim_lanes(
      p_destination text, p_limit int, p_worker text, p_lease_ms bigint, p_clock bigint
    ) RETURNS ${schema}.lanes[] LANGUAGE plpgsql AS $$
    DECLARE
      present bigint := coalesce(p_clock, ${schema}.now_ms());
      lane ${schema}.lanes;
      taken_over ${schema}.lanes[] := '{}';
      claimed ${schema}.lanes[];
    BEGIN
      FOR lane IN
        SELECT * FROM ${schema}.lanes l
        WHERE l.worker IS NOT NULL AND l.destination = p_destination AND l.lease_until <= present
        LIMIT p_limit FOR UPDATE SKIP LOCKED
      LOOP
        lane := ${schema}.take_over(lane, p_worker, p_lease_ms, present);
        PERFORM ${schema}.save_lane(lane);
        taken_over := taken_over || lane;
      END LOOP;
      WITH due AS MATERIALIZED (
        SELECT * FROM ${schema}.lanes l
        WHERE l.worker IS NULL AND l.due_at IS NOT NULL AND l.destination = p_destination
          AND l.due_at <= present
        ORDER BY l.due_at LIMIT p_limit - cardinality(taken_over) FOR UPDATE SKIP LOCKED
      ), held AS MATERIALIZED (
        SELECT ROW(
          d.destination, d.conversation_id, d.number, d.head, d.tail, d.attempts + 1, d.ambiguous_attempts, d.last_error,
          d.head_since, d.due_at, p_worker, present + p_lease_ms, nextval('${schema}.fences'))::${schema}.lanes AS lane
        FROM due d
      ), saved AS (
        -- All of them are there: said so, for a join could be planned in ways that are slow without statistics.
        INSERT INTO ${schema}.lanes SELECT (h.lane).* FROM held h
        ON CONFLICT (conversation_id, destination) DO UPDATE SET
          attempts = excluded.attempts, worker = excluded.worker, lease_until = excluded.lease_until,
          fence = excluded.fence
      )
      SELECT array_agg(h.lane) INTO claimed FROM held h;
      RETURN taken_over || claimed;
    END $$;

    -- When the next lane becomes claimable that was not so p_age_ms ago: in how many milliseconds from then.
    CREATE FUNCTION ${schema}.next_due_in(p_destination text, p_age_ms bigint, p_clock bigint)
    RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
      since bigint := coalesce(p_clock, ${schema}.now_ms() - p_age_ms);
    BEGIN
      RETURN least(
        (SELECT l.due_at FROM ${schema}.lanes l
          WHERE l.worker IS NULL AND l.due_at IS NOT NULL AND l.destination = p_destination AND l.due_at > since
          ORDER BY l.due_at LIMIT 1),
        (SELECT min(l.lease_until) FROM ${schema}.lanes l
          WHERE l.worker IS NOT NULL AND l.destination = p_destination AND l.lease_until > since)
      ) - since;
    END $$;

    -- Prolongs those of the leases that nobody has taken over.
    CREATE FUNCTION ${schema}.renew_leases(p_held json, p_lease_ms bigint, p_clock bigint)
    RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      until bigint := coalesce(p_clock, ${schema}.now_ms()) + p_lease_ms;
      h record;
    BEGIN
      FOR h IN
        SELECT * FROM json_to_recordset(p_held) AS r (destination text, "conversationId" text, fence bigint)
        ORDER BY r.destination COLLATE "C", r."conversationId" COLLATE "C"
      LOOP
        UPDATE ${schema}.lanes l SET lease_until = until
          -- No two claims have the same fence. The worker is not asked for: its index would be the longer way.
          WHERE l.destination = h.destination AND l.conversation_id = h."conversationId"
            AND l.fence = h.fence AND l.lease_until IS NOT NULL;
      END LOOP;
    END $$;

    -- Gives up what the worker holds, to whoever comes first. Returns how many lanes.
    CREATE FUNCTION ${schema}.release_leases(p_worker text, p_clock bigint) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
      lane ${schema}.lanes;
      present bigint := coalesce(p_clock, ${schema}.now_ms());
      released bigint;
    BEGIN
      FOR lane IN
        SELECT * FROM ${schema}.lanes l WHERE l.worker = p_worker
        ORDER BY l.destination, l.conversation_id FOR UPDATE
      LOOP
        PERFORM ${schema}.log_abandoned(lane, present);
      END LOOP;
      UPDATE ${schema}.lanes l SET
        worker = NULL, lease_until = NULL,
        ambiguous_attempts = l.ambiguous_attempts + CASE WHEN l.destination = '' THEN 0 ELSE 1 END
      WHERE l.worker = p_worker;
      GET DIAGNOSTICS released = ROW_COUNT;
      RETURN released;
    END $$;

    -- Makes heads that wait for a retry due at once.
    CREATE FUNCTION ${schema}.expedite(p_destination text, p_conversation_id text, p_clock bigint)
    RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      present bigint := ${schema}.at_once(p_clock);
    BEGIN
      PERFORM 1 FROM ${schema}.lanes l
        WHERE l.destination = p_destination AND l.worker IS NULL AND l.due_at IS NOT NULL AND l.due_at > present
          AND (p_conversation_id IS NULL OR l.conversation_id = p_conversation_id)
        ORDER BY l.conversation_id FOR UPDATE;
      UPDATE ${schema}.lanes l SET due_at = present
        WHERE l.destination = p_destination AND l.worker IS NULL AND l.due_at IS NOT NULL AND l.due_at > present
          AND (p_conversation_id IS NULL OR l.conversation_id = p_conversation_id);
    END $$;
  `,
};
