/** What operators leave for the bot, and who the bot is. */
export const operatorTables = `
CREATE TABLE operator_commands (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  command TEXT NOT NULL,
  -- waiting, taken or answered.
  state TEXT NOT NULL,
  answer TEXT,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX operator_commands_waiting ON operator_commands (seq) WHERE state = 'waiting';

-- Who has owned the database last: it means something only while the lock is held.
CREATE TABLE owner (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  role TEXT NOT NULL,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  since INTEGER NOT NULL
) STRICT;
`;
