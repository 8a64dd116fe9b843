import type { Migration } from './migration';

/**
 * What comes after what is known of a conversation is computed by the caller, from the version it knows. A step is
 * `{ when }` at first, `always` or `ifEventful`; and `{ version, … }` from the one who has looked, with `record`,
 * `kind`, `eventful`, `gated` and `notices` if that changes. Whoever calls these functions has locked the lane of the
 * conversation's inbox.
 */
export const conversationFunctions: Migration = {
  version: 4,
  name: 'functions for conversations',
  sql: (schema) => `
    -- Whether the caller must know what is known before its step can be taken.
    CREATE FUNCTION ${schema}.must_look(p_step json, p_version bigint, p_eventful boolean) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS $$
      SELECT p_step IS NOT NULL AND ((p_step->>'version')::bigint = coalesce(p_version, 0)
        OR (p_step->>'when' = 'ifEventful' AND p_eventful IS NOT TRUE)) IS NOT TRUE
    $$;

    -- What the caller must know before its step can be taken: NULL when there is no step, or nothing against it.
    CREATE FUNCTION ${schema}.to_look_at(p_conversation_id text, p_step json) RETURNS json LANGUAGE plpgsql AS $$
    DECLARE
      c ${schema}.conversations;
    BEGIN
      IF p_step IS NULL THEN
        RETURN NULL;
      END IF;
      SELECT * INTO c FROM ${schema}.conversations k WHERE k.conversation_id = p_conversation_id;
      IF NOT ${schema}.must_look(p_step, c.version, c.eventful) THEN
        RETURN NULL;
      END IF;
      RETURN json_build_object('version', coalesce(c.version, 0), 'record', c.record);
    END $$;

    -- Ends a transaction that has begun from what is true no more. The caller runs it again.
    CREATE FUNCTION ${schema}.run_again() RETURNS json LANGUAGE plpgsql AS $$
    BEGIN
      RAISE serialization_failure USING MESSAGE = 'What was looked at has changed.';
    END $$;

    -- Takes a step that nothing is against. Returns how many notices it has put into the inbox.
    CREATE FUNCTION ${schema}.write_conversation(p_conversation_id text, p_step json, p_clock bigint)
    RETURNS int LANGUAGE plpgsql AS $$
    DECLARE
      notice json;
    BEGIN
      IF p_step->>'record' IS NULL THEN
        RETURN 0;
      END IF;
      INSERT INTO ${schema}.conversations AS c (conversation_id, kind, eventful, gated, version, record)
        VALUES (p_conversation_id, p_step->>'kind', (p_step->>'eventful')::boolean, (p_step->>'gated')::boolean, 1,
          p_step->>'record')
        ON CONFLICT (conversation_id) DO UPDATE SET
          kind = excluded.kind, eventful = excluded.eventful, gated = excluded.gated, version = c.version + 1,
          record = excluded.record;
      FOR notice IN SELECT n.value FROM json_array_elements(p_step->'notices') WITH ORDINALITY AS n ORDER BY n.ordinality
      LOOP
        PERFORM ${schema}.push_notice(notice, p_clock);
      END LOOP;
      RETURN json_array_length(p_step->'notices');
    END $$;

    -- VOLATILE, like all that reads what another transaction may just have written: each call sees the latest.
    CREATE FUNCTION ${schema}.eventful_record(p_conversation_id text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      RETURN (SELECT c.record FROM ${schema}.conversations c
        WHERE c.conversation_id = p_conversation_id AND c.eventful);
    END $$;

    CREATE FUNCTION ${schema}.is_gated(p_conversation_id text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      RETURN EXISTS (SELECT FROM ${schema}.conversations c
        WHERE c.conversation_id = p_conversation_id AND c.gated);
    END $$;

    -- Puts what tells the bot of something into the inbox.
    CREATE FUNCTION ${schema}.push_notice(n json, p_clock bigint) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      lane ${schema}.lanes := ${schema}.lock_lane('', n->>'conversationId');
    BEGIN
      lane := ${schema}.push_event(
        lane, n->>'id', n->>'source', n->>'payload', n->>'dedupeKey', (n->>'receivedAt')::bigint,
        n->>'traceContext', NULL, NULL, p_clock);
      PERFORM ${schema}.save_lane(lane);
    END $$;

    -- Locks the conversation itself. False when it is no longer what the step was made from.
    CREATE FUNCTION ${schema}.update_conversation(p_conversation_id text, p_step json, p_clock bigint)
    RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM ${schema}.lock_lane('', p_conversation_id);
      IF ${schema}.to_look_at(p_conversation_id, p_step) IS NOT NULL THEN
        RETURN false;
      END IF;
      PERFORM ${schema}.write_conversation(p_conversation_id, p_step, p_clock);
      RETURN true;
    END $$;

    -- The same for both conversations of a tie, with the agent's transcript.
    CREATE FUNCTION ${schema}.tie_conversations(
      p_channel_id text, p_agent_id text, p_agent json, p_bot_id text, p_bot json, p_clock bigint
    ) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM ${schema}.lock_lane('', least(p_agent_id COLLATE "C", p_bot_id COLLATE "C"));
      PERFORM ${schema}.lock_lane('', greatest(p_agent_id COLLATE "C", p_bot_id COLLATE "C"));
      IF ${schema}.to_look_at(p_agent_id, p_agent) IS NOT NULL
        OR ${schema}.to_look_at(p_bot_id, p_bot) IS NOT NULL
      THEN
        RETURN false;
      END IF;
      PERFORM ${schema}.write_conversation(p_agent_id, p_agent, p_clock);
      PERFORM ${schema}.write_conversation(p_bot_id, p_bot, p_clock);
      PERFORM ${schema}.move_transcript(p_channel_id, p_agent_id, p_bot_id);
      RETURN true;
    END $$;
  `,
};
