/**
 * Inbox and outbox are queues of lanes: a lane is a conversation, in the outbox a conversation of one destination.
 * The rows of a lane that have not ended wait in the order of `seq`; the first of them is its head. A head that may be
 * claimed has a `due_at` (0: at once). One that is claimed has none but an attempt, and one behind the head neither.
 *
 * Every question asked while the bot runs is answered by an index that holds only what waits, however much has ended.
 * What has ended is found by walking along `seq`, which costs no index. Most events are claimed as they are stored,
 * and so touch the table and one small index.
 */
export const inboxAndOutbox = `
CREATE TABLE inbox (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  source TEXT NOT NULL,
  dedupe_key TEXT,
  received_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  due_at INTEGER,
  ended_at INTEGER,
  -- Grows with every turn that is completed and every message that is delivered: who follows them misses none.
  ended_no INTEGER,
  -- Whether it was here before, and was in quarantine.
  is_replay INTEGER NOT NULL DEFAULT 0,
  -- When an ended row may go. Without it, it is in quarantine, and goes on to stand for the messages of its turns.
  keep_until INTEGER,
  trace_context TEXT,
  payload TEXT NOT NULL
) STRICT;
-- With the time, so that the oldest of all that waits is found without a look at the rows.
CREATE INDEX inbox_lanes ON inbox (conversation_id, seq, received_at) WHERE ended_at IS NULL;
CREATE INDEX inbox_heads ON inbox (due_at, seq) WHERE due_at IS NOT NULL;
CREATE INDEX inbox_ended ON inbox (ended_no) WHERE ended_no IS NOT NULL;
-- All of a conversation's events, stretch by stretch. Conversations come in no order: an index by conversation alone
-- would touch another page of a big index with every event, this one touches the few of the newest stretch.
CREATE INDEX inbox_stretches ON inbox (seq / 256, conversation_id);

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  activity_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  destination TEXT NOT NULL,
  -- The event whose turn sends it; 0 for a proactive message.
  event_seq INTEGER NOT NULL,
  staged_at INTEGER NOT NULL,
  role TEXT NOT NULL,
  reports_failure INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  ambiguous_attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER,
  ended_at INTEGER,
  ended_no INTEGER,
  -- Whether it was a dead letter.
  is_replay INTEGER NOT NULL DEFAULT 0,
  outcome TEXT,
  keep_until INTEGER,
  -- The id that the platform knows a delivered message by.
  known_as TEXT,
  last_error TEXT,
  trace_context TEXT,
  event_received_at INTEGER,
  body TEXT NOT NULL
) STRICT;
-- By event first: ids are random, and would touch another page of a big index with every message.
CREATE UNIQUE INDEX outbox_ids ON outbox (event_seq, id);
CREATE INDEX outbox_lanes ON outbox (conversation_id, destination, seq, staged_at) WHERE ended_at IS NULL;
CREATE INDEX outbox_heads ON outbox (destination, due_at, seq) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_ended ON outbox (ended_no) WHERE ended_no IS NOT NULL;
CREATE INDEX outbox_known ON outbox (conversation_id, known_as) WHERE known_as IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (ended_at, seq) WHERE outcome = 'dead';
CREATE INDEX outbox_dead_ids ON outbox (id) WHERE outcome = 'dead';

CREATE TABLE dedupe_keys (
  dedupe_key TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  -- The row of an event in the inbox.
  event_seq INTEGER,
  item TEXT NOT NULL
) STRICT;
CREATE INDEX quarantine_kinds ON quarantine (kind, seq);

CREATE TABLE destination_health (
  destination TEXT PRIMARY KEY,
  health TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Never pruned.
CREATE TABLE conversations (
  conversation_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  -- Whether it has a say in what happens to an event.
  is_eventful INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX conversations_by_kind ON conversations (kind, conversation_id);
CREATE INDEX conversations_eventful ON conversations (conversation_id) WHERE is_eventful = 1;

-- How often the database was opened: the upper part of every fence and eTag, so that none is given out twice.
CREATE TABLE openings (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  count INTEGER NOT NULL
) STRICT;
INSERT INTO openings (id, count) VALUES (1, 0);
`;
