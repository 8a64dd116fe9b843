import type { Migration } from './migration';

/**
 * A lane is a queue: a conversation's inbox (its `destination` is empty), or what a conversation has for one
 * destination. Its row says all that changes: the numbers from `head` to before `tail` are waiting, and the head's
 * attempts, its due time and its holder stand beside them. So an event or message is written once and not touched
 * again when it is claimed, tried or done: it is done when its lane's head has moved past it. As whoever appends
 * holds the lane's row, numbers have no gaps and follow the order of commits, on any number of replicas.
 *
 * Every row of a table that an operator may follow has the number of the transaction that wrote it (`xact`): numbers of
 * rows do not become visible in their order, but of transactions it is known which are over.
 *
 * Texts compare as bytes (`COLLATE "C"`): faster, and the same on every server.
 */
export const deliveryTables: Migration = {
  version: 1,
  name: 'delivery tables',
  sql: (schema) => `
    CREATE SEQUENCE ${schema}.fences;
    CREATE SEQUENCE ${schema}.lane_numbers;

    CREATE TABLE ${schema}.lanes (
      destination text COLLATE "C" NOT NULL,
      conversation_id text COLLATE "C" NOT NULL,
      -- What is in the lane is known by this: entries of lanes in use are neighbours in their indexes, however much
      -- was stored before.
      number bigint NOT NULL DEFAULT nextval('${schema}.lane_numbers'),
      head bigint NOT NULL DEFAULT 1,
      tail bigint NOT NULL DEFAULT 1,
      attempts int NOT NULL DEFAULT 0,
      ambiguous_attempts int NOT NULL DEFAULT 0,
      last_error text,
      -- When the head was received or staged.
      head_since bigint,
      -- When the head may be claimed; NULL when the lane is empty.
      due_at bigint,
      worker text COLLATE "C",
      lease_until bigint,
      fence bigint NOT NULL DEFAULT 0,
      -- In this order, so that no plan for all lanes of a destination can think of using it.
      PRIMARY KEY (conversation_id, destination)
    ) WITH (
      -- Rows are rewritten all the time: room on the page, and a vacuum that does not wait for a fifth of the table.
      fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000
    );
    -- Only what waits and what is held is in an index: lanes that are empty cost a claim nothing.
    CREATE INDEX lanes_ready ON ${schema}.lanes (destination, due_at)
      WHERE worker IS NULL AND due_at IS NOT NULL;
    CREATE INDEX lanes_held ON ${schema}.lanes (destination, worker) WHERE worker IS NOT NULL;

    CREATE TABLE ${schema}.inbox (
      lane bigint NOT NULL,
      seq bigint NOT NULL,
      -- Another place than its own when the event came back from quarantine: what its turns have sent is known by this.
      origin_lane bigint NOT NULL,
      origin_seq bigint NOT NULL,
      id text NOT NULL,
      conversation_id text COLLATE "C" NOT NULL,
      source text NOT NULL,
      payload text NOT NULL,
      dedupe_key text COLLATE "C",
      received_at bigint NOT NULL,
      trace_context text,
      xact bigint NOT NULL DEFAULT txid_current(),
      PRIMARY KEY (lane, seq)
    );
    CREATE INDEX inbox_age ON ${schema}.inbox (received_at);
    CREATE INDEX inbox_xact ON ${schema}.inbox (xact);
    CREATE INDEX inbox_replayed ON ${schema}.inbox (origin_lane, origin_seq)
      WHERE origin_lane <> lane OR origin_seq <> seq;

    CREATE TABLE ${schema}.dedupe_keys (
      key text COLLATE "C" PRIMARY KEY,
      expires_at bigint NOT NULL
    );
    CREATE INDEX dedupe_keys_age ON ${schema}.dedupe_keys (expires_at);

    CREATE TABLE ${schema}.outbox (
      lane bigint NOT NULL,
      seq bigint NOT NULL,
      id text COLLATE "C" NOT NULL,
      destination text COLLATE "C" NOT NULL,
      conversation_id text COLLATE "C" NOT NULL,
      activity_id text NOT NULL,
      body text NOT NULL,
      role text NOT NULL,
      reports_failure boolean NOT NULL,
      staged_at bigint NOT NULL,
      -- The turn that has sent it, if any: while that may run again, this row must stay (I4).
      turn_conversation_id text COLLATE "C",
      turn_lane bigint,
      turn_seq bigint,
      -- From an earlier life: set when a dead letter is replayed.
      ambiguous_attempts int NOT NULL DEFAULT 0,
      last_error text,
      trace_context text,
      event_received_at bigint,
      xact bigint NOT NULL DEFAULT txid_current(),
      PRIMARY KEY (lane, seq)
    );
    -- What a turn has sent it sends once (I4).
    CREATE UNIQUE INDEX outbox_once ON ${schema}.outbox (turn_lane, turn_seq, id) WHERE turn_lane IS NOT NULL;
    CREATE INDEX outbox_age ON ${schema}.outbox (staged_at);
    CREATE INDEX outbox_xact ON ${schema}.outbox (xact);

    -- What the platform calls a delivered message.
    CREATE TABLE ${schema}.deliveries (
      conversation_id text COLLATE "C" NOT NULL,
      platform_message_id text COLLATE "C" NOT NULL,
      activity_id text NOT NULL,
      delivered_at bigint NOT NULL,
      PRIMARY KEY (conversation_id, platform_message_id)
    );
    CREATE INDEX deliveries_age ON ${schema}.deliveries (delivered_at);

    CREATE TABLE ${schema}.destinations (
      destination text COLLATE "C" PRIMARY KEY,
      -- Grows with every change: who has computed the next health from an old one notices.
      version bigint NOT NULL,
      health text NOT NULL
    );

    -- The message itself stays in the outbox.
    CREATE TABLE ${schema}.dead_letters (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text COLLATE "C" NOT NULL UNIQUE,
      lane bigint NOT NULL,
      seq bigint NOT NULL,
      attempts int NOT NULL,
      ambiguous_attempts int NOT NULL,
      reason text NOT NULL,
      died_at bigint NOT NULL,
      UNIQUE (lane, seq)
    );

    CREATE TABLE ${schema}.quarantine (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text COLLATE "C" NOT NULL UNIQUE,
      kind text NOT NULL,
      reason text NOT NULL,
      -- What an error has said: may quote the body.
      details text,
      -- A request's body or an event's payload.
      body text NOT NULL,
      received_at bigint NOT NULL,
      conversation_id text COLLATE "C",
      origin_lane bigint,
      origin_seq bigint,
      source text,
      dedupe_key text,
      trace_context text,
      attempts int,
      quarantined_at bigint,
      xact bigint NOT NULL DEFAULT txid_current()
    );
    CREATE INDEX quarantine_xact ON ${schema}.quarantine (xact) WHERE kind = 'request';
    CREATE INDEX quarantine_requests ON ${schema}.quarantine (position) WHERE kind = 'request';
    CREATE INDEX quarantine_turns ON ${schema}.quarantine (origin_lane, origin_seq) WHERE kind = 'event';

    -- What is known of conversations: read for a decision, or written, only under the lock of the inbox's lane.
    CREATE TABLE ${schema}.conversations (
      conversation_id text COLLATE "C" PRIMARY KEY,
      kind text NOT NULL,
      -- Whether it has a say in what happens to an event, and whether the bot's messages are held back. Both follow
      -- from the record.
      eventful boolean NOT NULL,
      gated boolean NOT NULL,
      -- Grows with every change: who has computed the next record from an old one notices.
      version bigint NOT NULL,
      record text NOT NULL
    ) WITH (fillfactor = 70);
    CREATE INDEX conversations_of_kind ON ${schema}.conversations (kind, conversation_id);
  `,
};
