import { ATTEMPTS_KEPT } from '../../failedAttempt';
import type { Migration } from './migration';

/** What became of turns and of attempts to send. Rows go with the event or message that they are of. */
export const historyTables: Migration = {
  version: 12,
  name: 'history',
  sql: (schema) => `
    -- When a turn was completed or a message delivered: its own row is not touched again, for that would cost more.
    CREATE TABLE ${schema}.endings (
      lane bigint NOT NULL,
      seq bigint NOT NULL,
      attempt int NOT NULL,
      ended_at bigint NOT NULL,
      xact bigint NOT NULL DEFAULT txid_current(),
      PRIMARY KEY (lane, seq)
    );
    CREATE INDEX endings_xact ON ${schema}.endings (xact);

    -- The attempts that came to nothing.
    CREATE TABLE ${schema}.attempts (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      lane bigint NOT NULL,
      seq bigint NOT NULL,
      -- Of the event or of the message.
      id text NOT NULL,
      -- Empty for an event's turn.
      destination text COLLATE "C" NOT NULL,
      conversation_id text COLLATE "C" NOT NULL,
      attempt int NOT NULL,
      at bigint NOT NULL,
      outcome text NOT NULL,
      reason text,
      is_ambiguous boolean NOT NULL,
      xact bigint NOT NULL DEFAULT txid_current()
    );
    CREATE INDEX attempts_of_head ON ${schema}.attempts (lane, seq, position);
    CREATE INDEX attempts_of_conversation ON ${schema}.attempts (conversation_id, position);
    CREATE INDEX attempts_xact ON ${schema}.attempts (xact);

    -- Writes down that the attempt of a lane's head has come to nothing, and forgets the oldest of too many.
    CREATE FUNCTION ${schema}.log_attempt(
      lane ${schema}.lanes, p_outcome text, p_at bigint, p_reason text, p_is_ambiguous boolean
    ) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      head_id text;
    BEGIN
      IF lane.destination = '' THEN
        SELECT i.id INTO head_id FROM ${schema}.inbox i WHERE i.lane = lane.number AND i.seq = lane.head;
      ELSE
        SELECT o.id INTO head_id FROM ${schema}.outbox o WHERE o.lane = lane.number AND o.seq = lane.head;
      END IF;
      INSERT INTO ${schema}.attempts
        (lane, seq, id, destination, conversation_id, attempt, at, outcome, reason, is_ambiguous)
      VALUES
        (lane.number, lane.head, head_id, lane.destination, lane.conversation_id, lane.attempts, p_at, p_outcome,
          p_reason, p_is_ambiguous);
      DELETE FROM ${schema}.attempts a WHERE a.lane = lane.number AND a.seq = lane.head AND a.position <= (
        SELECT old.position FROM ${schema}.attempts old WHERE old.lane = lane.number AND old.seq = lane.head
        ORDER BY old.position DESC OFFSET ${ATTEMPTS_KEPT} LIMIT 1);
    END $$;

    -- Writes down that the last holder of a lane has left its head unsettled.
    CREATE FUNCTION ${schema}.log_abandoned(lane ${schema}.lanes, p_at bigint) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM ${schema}.log_attempt(lane, 'abandoned', p_at, NULL, lane.destination <> '');
    END $$;

    -- Forgets what is known of events and messages that are kept no longer.
    CREATE FUNCTION ${schema}.prune_history(p_lanes bigint[], p_seqs bigint[]) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM ${schema}.endings e USING unnest(p_lanes, p_seqs) AS gone (lane, seq)
        WHERE e.lane = gone.lane AND e.seq = gone.seq;
      DELETE FROM ${schema}.attempts a USING unnest(p_lanes, p_seqs) AS gone (lane, seq)
        WHERE a.lane = gone.lane AND a.seq = gone.seq;
    END $$;
  `,
};
