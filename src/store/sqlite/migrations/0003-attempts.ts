/** The attempts that came to nothing. They go with the event or message that they are of. */
export const attempts = `
CREATE TABLE attempts (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  -- The event's row in the inbox, or the message's in the outbox; and its id, for numbers of rows come again.
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  destination TEXT,
  attempt INTEGER NOT NULL,
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT,
  is_ambiguous INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_of_conversation ON attempts (conversation_id, position);
CREATE INDEX attempts_of_row ON attempts (kind, seq, position);
`;
