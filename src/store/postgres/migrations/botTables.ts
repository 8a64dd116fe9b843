import type { Migration } from './migration';

/** What the bot itself keeps: its state and the transcripts. JSON is kept as text, as it was written. */
export const botTables: Migration = {
  version: 8,
  name: 'bot state and transcripts',
  sql: (schema) => `
    -- One sequence for all items: one that was deleted and written again must not get an old eTag.
    CREATE SEQUENCE ${schema}.etags;

    CREATE TABLE ${schema}.bot_state (
      key text COLLATE "C" PRIMARY KEY,
      item text NOT NULL,
      etag bigint NOT NULL
    );

    -- Writes all items or none. An item's eTag is NULL when it wins over any.
    CREATE FUNCTION ${schema}.write_bot_state(p_changes json) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      c record;
    BEGIN
      FOR c IN
        SELECT * FROM json_to_recordset(p_changes) AS r (key text, item text, etag text)
        ORDER BY r.key COLLATE "C"
      LOOP
        INSERT INTO ${schema}.bot_state AS old (key, item, etag)
          VALUES (c.key, c.item, nextval('${schema}.etags'))
          ON CONFLICT (key) DO UPDATE SET item = excluded.item, etag = excluded.etag
          WHERE c.etag IS NULL OR old.etag::text = c.etag;
        IF NOT FOUND THEN
          RAISE EXCEPTION USING ERRCODE = 'WXETG', MESSAGE = c.key;
        END IF;
      END LOOP;
    END $$;

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

    -- Harmless when the activity is there already. One without a time was said after all others.
    CREATE FUNCTION ${schema}.log_activity(
      p_channel_id text, p_conversation_id text, p_id text, p_type text, p_said_at bigint, p_activity text
    ) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      said_at bigint := coalesce(p_said_at, (SELECT t.latest_at FROM ${schema}.transcripts t
        WHERE t.channel_id = p_channel_id AND t.conversation_id = p_conversation_id), 0);
    BEGIN
      INSERT INTO ${schema}.transcript_activities (channel_id, conversation_id, said_at, id, type, activity)
        VALUES (p_channel_id, p_conversation_id, said_at, p_id, p_type, p_activity)
        ON CONFLICT (channel_id, conversation_id, id, type) DO NOTHING;
      IF NOT FOUND THEN
        RETURN;
      END IF;
      INSERT INTO ${schema}.transcripts AS t (channel_id, conversation_id, created_at, latest_at)
        VALUES (p_channel_id, p_conversation_id, said_at, said_at)
        ON CONFLICT (channel_id, conversation_id) DO UPDATE SET
          created_at = least(t.created_at, excluded.created_at),
          latest_at = greatest(t.latest_at, excluded.latest_at)
        WHERE excluded.created_at NOT BETWEEN t.created_at AND t.latest_at;
    END $$;
  `,
};
