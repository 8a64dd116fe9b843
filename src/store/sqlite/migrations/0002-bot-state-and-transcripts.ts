/** What botbuilder's `Storage` and `TranscriptStore` keep. */
export const botStateAndTranscripts = `
CREATE TABLE bot_state (
  key TEXT PRIMARY KEY,
  e_tag TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE transcripts (
  channel_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  latest_at INTEGER NOT NULL,
  PRIMARY KEY (channel_id, conversation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX transcripts_by_age ON transcripts (channel_id, created_at, conversation_id);

CREATE TABLE transcript_activities (
  seq INTEGER PRIMARY KEY,
  channel_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  activity_id TEXT,
  activity_type TEXT NOT NULL,
  happened_at INTEGER NOT NULL,
  activity TEXT NOT NULL,
  -- An update and a deletion are logged under the id of what they change.
  UNIQUE (channel_id, conversation_id, activity_id, activity_type)
) STRICT;
CREATE INDEX transcript_activities_by_time
  ON transcript_activities (channel_id, conversation_id, happened_at, seq);
`;
