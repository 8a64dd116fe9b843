import type { Migration } from './migration';

/** What operators do to what was given up. */
export const operatorFunctions: Migration = {
  version: 8,
  name: 'functions for dead letters and quarantine',
  sql: (schema) => `
    -- Moves a dead letter to the end of its lane: replayed. A handover stays where it is (isHandover), for the
    -- conversation went on without it, and so does what the bot may not say now (gated). unknown when there is none with that id.
    CREATE FUNCTION ${schema}.replay_dead_letter(p_id text, p_clock bigint) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE
      message ${schema}.outbox;
      letter ${schema}.dead_letters;
      lane ${schema}.lanes;
    BEGIN
      SELECT o.* INTO message FROM ${schema}.outbox o JOIN ${schema}.dead_letters d USING (lane, seq)
        WHERE d.id = p_id;
      IF NOT FOUND THEN
        RETURN 'unknown';
      END IF;
      IF message.role <> 'message' THEN
        RETURN 'isHandover';
      END IF;
      -- The conversation's lock: nobody hands it over meanwhile.
      PERFORM ${schema}.lock_lane('', message.conversation_id);
      IF ${schema}.is_gated(message.conversation_id) THEN
        RETURN 'gated';
      END IF;
      lane := ${schema}.lock_lane(message.destination, message.conversation_id);
      DELETE FROM ${schema}.dead_letters d WHERE d.id = p_id RETURNING * INTO letter;
      IF NOT FOUND THEN
        RETURN 'unknown';
      END IF;
      UPDATE ${schema}.outbox o SET
        seq = lane.tail, ambiguous_attempts = letter.ambiguous_attempts, last_error = letter.reason
      WHERE o.lane = letter.lane AND o.seq = letter.seq;
      UPDATE ${schema}.attempts a SET seq = lane.tail WHERE a.lane = letter.lane AND a.seq = letter.seq;
      lane := ${schema}.append(lane, message.staged_at, p_clock);
      PERFORM ${schema}.save_lane(lane);
      RETURN 'replayed';
    END $$;

    -- Keeps a request, and lets the oldest go when there are more than p_limit.
    CREATE FUNCTION ${schema}.quarantine_request(
      p_id text, p_body text, p_reason text, p_details text, p_received_at bigint, p_limit bigint
    ) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ${schema}.quarantine (id, kind, reason, details, body, received_at)
        VALUES (p_id, 'request', p_reason, p_details, p_body, p_received_at)
        ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, details = excluded.details, body = excluded.body;
      DELETE FROM ${schema}.quarantine q WHERE q.position IN (
        SELECT r.position FROM ${schema}.quarantine r WHERE r.kind = 'request'
          ORDER BY r.position DESC OFFSET p_limit FOR UPDATE SKIP LOCKED);
    END $$;

    -- Takes an item out and stores the event that it was read as. False when there is none with that id.
    CREATE FUNCTION ${schema}.replay_quarantined(p_id text, e json, p_clock bigint)
    RETURNS boolean LANGUAGE plpgsql AS $$
    DECLARE
      item ${schema}.quarantine;
      lane ${schema}.lanes;
    BEGIN
      IF NOT EXISTS (SELECT FROM ${schema}.quarantine q WHERE q.id = p_id) THEN
        RETURN false;
      END IF;
      lane := ${schema}.lock_lane('', e->>'conversationId');
      DELETE FROM ${schema}.quarantine q WHERE q.id = p_id RETURNING * INTO item;
      IF NOT FOUND THEN
        RETURN false;
      END IF;
      -- What its turns have sent is known by the place that the event first had (I4).
      lane := ${schema}.push_event(
        lane, e->>'id', e->>'source', e->>'payload', e->>'dedupeKey', (e->>'receivedAt')::bigint,
        e->>'traceContext', item.origin_lane, item.origin_seq, p_clock);
      PERFORM ${schema}.save_lane(lane);
      RETURN true;
    END $$;
  `,
};
