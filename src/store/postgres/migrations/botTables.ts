import type { Migration } from './migration';

/** What the bot itself keeps. JSON is kept as text, as it was written. */
export const botTables: Migration = {
  version: 11,
  name: 'bot state',
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
  `,
};
