import type { Migration } from './migration';

/**
 * What comes after a health is computed by the caller, from the version it knows. On the way of a success nothing
 * changes, and so the row, which all sends of a destination share, is read without being locked.
 */
export const healthFunctions: Migration = {
  version: 7,
  name: 'functions for the health of destinations',
  sql: (schema) => `
    -- Goes from one version to the next: p_health is NULL when it stays as it is. False when the version is another.
    CREATE FUNCTION ${schema}.follow_health(p_destination text, p_version bigint, p_health text)
    RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      IF p_health IS NULL THEN
        RETURN p_version = coalesce(
          (SELECT d.version FROM ${schema}.destinations d WHERE d.destination = p_destination), 0);
      END IF;
      IF p_version = 0 THEN
        INSERT INTO ${schema}.destinations (destination, version, health) VALUES (p_destination, 1, p_health)
          ON CONFLICT DO NOTHING;
      ELSE
        UPDATE ${schema}.destinations d SET version = p_version + 1, health = p_health
          WHERE d.destination = p_destination AND d.version = p_version;
      END IF;
      RETURN FOUND;
    END $$;
  `,
};
