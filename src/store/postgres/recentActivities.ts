import type { Database } from './database';

interface Transcript {
  readonly channelId: string;
  readonly conversationId: string;
}

/** The latest activities of a transcript, as JSON, oldest first. */
export async function recentActivities(
  database: Database,
  { channelId, conversationId }: Transcript,
  limit: number,
): Promise<readonly string[]> {
  const rows = await database.query<{ activity: string }>(
    {
      name: 'recent-activities',
      text: `
        SELECT activity FROM ${database.schema}.transcript_activities
        WHERE channel_id = $1 AND conversation_id = $2
        ORDER BY said_at DESC, position DESC LIMIT $3`,
    },
    [channelId, conversationId, limit],
  );
  return rows.map(({ activity }) => activity).reverse();
}
