import type { Migration } from './migration';

/** What operators leave for the bots. A handful of rows, for moments. */
export const operatorTables: Migration = {
  version: 13,
  name: 'commands of operators',
  sql: (schema) => `
    CREATE TABLE ${schema}.operator_commands (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text COLLATE "C" NOT NULL UNIQUE,
      command text NOT NULL,
      -- waiting, taken or answered.
      state text NOT NULL,
      answer text,
      expires_at bigint NOT NULL
    );
    CREATE INDEX operator_commands_waiting ON ${schema}.operator_commands (position) WHERE state = 'waiting';
    CREATE INDEX operator_commands_age ON ${schema}.operator_commands (expires_at);

    -- Hands out up to p_limit commands, each to one replica, and drops what is too old.
    CREATE FUNCTION ${schema}.take_commands(p_limit int, p_keep_ms bigint, p_clock bigint)
    RETURNS TABLE (id text, command text) LANGUAGE plpgsql AS $$
    DECLARE
      present bigint := coalesce(p_clock, ${schema}.now_ms());
    BEGIN
      DELETE FROM ${schema}.operator_commands c
        WHERE c.expires_at <= present AND (c.state = 'waiting' OR c.expires_at <= present - p_keep_ms);
      RETURN QUERY
        WITH taken AS (
          UPDATE ${schema}.operator_commands c SET state = 'taken'
          WHERE c.position IN (
            SELECT w.position FROM ${schema}.operator_commands w WHERE w.state = 'waiting'
            ORDER BY w.position LIMIT p_limit FOR UPDATE SKIP LOCKED)
          RETURNING c.position, c.id, c.command)
        SELECT t.id, t.command FROM taken t ORDER BY t.position;
    END $$;
  `,
};
