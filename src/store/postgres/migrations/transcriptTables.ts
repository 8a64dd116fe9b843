import type { Migration } from './migration';

/**
 * Transcripts, as botbuilder's `TranscriptStore` reads them. The lock of a transcript's row is held by whoever writes
 * into it, so that no two wait for each other's entries.
 */
export const transcriptTables: Migration = {
  version: 10,
  name: 'transcripts',
  sql: (schema) => `
    CREATE TABLE ${schema}.transcripts (
      channel_id text COLLATE "C" NOT NULL,
      conversation_id text COLLATE "C" NOT NULL,
      created_at bigint NOT NULL,
      latest_at bigint NOT NULL,
      PRIMARY KEY (channel_id, conversation_id)
    );
    CREATE INDEX transcripts_age ON ${schema}.transcripts (channel_id, created_at, conversation_id);

    CREATE TABLE ${schema}.transcript_activities (
      channel_id text COLLATE "C" NOT NULL,
      conversation_id text COLLATE "C" NOT NULL,
      said_at bigint NOT NULL,
      position bigint GENERATED ALWAYS AS IDENTITY,
      -- Without an id, an activity cannot be told from a repeat. An update has the id of what it updates.
      id text COLLATE "C",
      type text COLLATE "C" NOT NULL,
      activity text NOT NULL,
      PRIMARY KEY (channel_id, conversation_id, said_at, position),
      UNIQUE (channel_id, conversation_id, id, type)
    );

    -- Locks a transcript, and makes it when there is none: of what was said at p_said_at.
    CREATE FUNCTION ${schema}.lock_transcript(p_channel_id text, p_conversation_id text, p_said_at bigint)
    RETURNS ${schema}.transcripts LANGUAGE plpgsql AS $$
    DECLARE
      transcript ${schema}.transcripts;
    BEGIN
      LOOP
        SELECT * INTO transcript FROM ${schema}.transcripts t
          WHERE t.channel_id = p_channel_id AND t.conversation_id = p_conversation_id FOR UPDATE;
        IF FOUND THEN
          RETURN transcript;
        END IF;
        INSERT INTO ${schema}.transcripts (channel_id, conversation_id, created_at, latest_at)
          VALUES (p_channel_id, p_conversation_id, p_said_at, p_said_at)
          ON CONFLICT DO NOTHING RETURNING * INTO transcript;
        IF FOUND THEN
          RETURN transcript;
        END IF;
      END LOOP;
    END $$;

    -- The transcript reaches from p_from to p_to, at least.
    CREATE FUNCTION ${schema}.widen_transcript(transcript ${schema}.transcripts, p_from bigint, p_to bigint)
    RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF p_from < transcript.created_at OR p_to > transcript.latest_at THEN
        UPDATE ${schema}.transcripts t SET
          created_at = least(t.created_at, p_from), latest_at = greatest(t.latest_at, p_to)
        WHERE t.channel_id = transcript.channel_id AND t.conversation_id = transcript.conversation_id;
      END IF;
    END $$;

    -- Harmless when the activity is there already. One without a time was said after all others.
    CREATE FUNCTION ${schema}.log_activity(entry json) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      said_at bigint := (entry->>'happenedAt')::bigint;
      transcript ${schema}.transcripts :=
        ${schema}.lock_transcript(entry->>'channelId', entry->>'conversationId', coalesce(said_at, 0));
    BEGIN
      said_at := coalesce(said_at, transcript.latest_at);
      INSERT INTO ${schema}.transcript_activities (channel_id, conversation_id, said_at, id, type, activity)
        VALUES (transcript.channel_id, transcript.conversation_id, said_at, entry->>'activityId', entry->>'type',
          entry->>'json')
        ON CONFLICT (channel_id, conversation_id, id, type) DO NOTHING;
      IF FOUND THEN
        PERFORM ${schema}.widen_transcript(transcript, said_at, said_at);
      END IF;
    END $$;

    -- The entries of the operations in p_ops, in the order in which transcripts are locked.
    CREATE FUNCTION ${schema}.entries_of(p_operations json, p_ops int[])
    RETURNS TABLE (op int, entry json) LANGUAGE plpgsql AS $$
    BEGIN
      RETURN QUERY
        SELECT o.op, e.value
        FROM json_to_recordset(p_operations) AS o (op int, transcript json),
          json_array_elements(o.transcript) WITH ORDINALITY AS e
        WHERE o.op = ANY (p_ops)
        ORDER BY (e.value->>'channelId') COLLATE "C", (e.value->>'conversationId') COLLATE "C", o.op, e.ordinality;
    END $$;

    -- Writes the transcripts of operations, which are not to fail for one that cannot be written: returns those, each
    -- with its error's code. All at once first: each block that can fail costs a transaction number.
    CREATE FUNCTION ${schema}.write_transcripts(p_operations json, p_ops int[])
    RETURNS TABLE (op int, error text) LANGUAGE plpgsql AS $$
    DECLARE
      e record;
    BEGIN
      BEGIN
        FOR e IN SELECT * FROM ${schema}.entries_of(p_operations, p_ops) LOOP
          PERFORM ${schema}.log_activity(e.entry);
        END LOOP;
        RETURN;
      EXCEPTION
        -- All of it can be run again.
        WHEN deadlock_detected OR serialization_failure THEN RAISE;
        WHEN OTHERS THEN NULL;
      END;
      FOR e IN SELECT * FROM ${schema}.entries_of(p_operations, p_ops) LOOP
        BEGIN
          PERFORM ${schema}.log_activity(e.entry);
        EXCEPTION
          WHEN deadlock_detected OR serialization_failure THEN RAISE;
          WHEN OTHERS THEN
            op := e.op;
            error := SQLSTATE;
            RETURN NEXT;
        END;
      END LOOP;
    END $$;

    -- Makes a transcript part of another one. What is in both stays once.
    CREATE FUNCTION ${schema}.move_transcript(p_channel_id text, p_from text, p_to text)
    RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      source ${schema}.transcripts;
      target ${schema}.transcripts;
    BEGIN
      SELECT * INTO source FROM ${schema}.transcripts t
        WHERE t.channel_id = p_channel_id AND t.conversation_id = p_from;
      IF NOT FOUND OR p_from = p_to THEN
        RETURN;
      END IF;
      IF p_to < p_from COLLATE "C" THEN
        target := ${schema}.lock_transcript(p_channel_id, p_to, source.created_at);
        source := ${schema}.lock_transcript(p_channel_id, p_from, source.created_at);
      ELSE
        source := ${schema}.lock_transcript(p_channel_id, p_from, source.created_at);
        target := ${schema}.lock_transcript(p_channel_id, p_to, source.created_at);
      END IF;
      DELETE FROM ${schema}.transcript_activities a
        WHERE a.channel_id = p_channel_id AND a.conversation_id = p_from
          AND EXISTS (SELECT FROM ${schema}.transcript_activities b
            WHERE b.channel_id = p_channel_id AND b.conversation_id = p_to AND b.id = a.id AND b.type = a.type);
      UPDATE ${schema}.transcript_activities a SET conversation_id = p_to
        WHERE a.channel_id = p_channel_id AND a.conversation_id = p_from;
      DELETE FROM ${schema}.transcripts t WHERE t.channel_id = p_channel_id AND t.conversation_id = p_from;
      PERFORM ${schema}.widen_transcript(target, source.created_at, source.latest_at);
    END $$;

    -- The row first: then nobody writes entries that this would not see.
    CREATE FUNCTION ${schema}.delete_transcript(p_channel_id text, p_conversation_id text)
    RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM ${schema}.transcripts t
        WHERE t.channel_id = p_channel_id AND t.conversation_id = p_conversation_id;
      DELETE FROM ${schema}.transcript_activities a
        WHERE a.channel_id = p_channel_id AND a.conversation_id = p_conversation_id;
    END $$;
  `,
};
