/**
 * The statement that makes room at the ends of lanes, and claims their heads where it may. It makes a lane that is not
 * there, and locks in the order of its rows; there is no join that could be planned badly.
 *
 * @param source Gives for each lane `destination`, `conversation_id`, `added`, `since` (when the first of what is added
 * was received or staged), `at_once`, `now_at`, `worker`, `lease_until` and a new `fence`. There may be no `worker`.
 * @param nowAt The present, for heads that wait for their time.
 */
export function appendToLanes(schema: string, source: string, nowAt: string): string {
  // A lease that has run out is taken over by who looks for work, not by who brings some: its holder may be about to
  // settle.
  const claims = `(l.worker IS NULL AND excluded.worker IS NOT NULL AND (l.head = l.tail OR l.due_at <= ${nowAt}))`;
  const ifEmpty = (column: string) =>
    `${column} = CASE WHEN l.head = l.tail THEN excluded.${column} ELSE l.${column} END`;
  const ifClaimed = (column: string) =>
    `${column} = CASE WHEN ${claims} THEN excluded.${column} ELSE l.${column} END`;
  return `
    INSERT INTO ${schema}.lanes AS l
      (destination, conversation_id, tail, attempts, head_since, due_at, worker, lease_until, fence)
    SELECT s.destination, s.conversation_id, 1 + s.added, CASE WHEN s.worker IS NULL THEN 0 ELSE 1 END, s.since,
      s.at_once, s.worker, s.lease_until, s.fence
    FROM ${source} s ORDER BY s.destination, s.conversation_id
    ON CONFLICT (conversation_id, destination) DO UPDATE SET
      tail = l.tail + excluded.tail - 1, ${ifEmpty('head_since')}, ${ifEmpty('due_at')},
      attempts = l.attempts + CASE WHEN ${claims} THEN 1 ELSE 0 END,
      ${ifClaimed('worker')}, ${ifClaimed('lease_until')}, ${ifClaimed('fence')}
    RETURNING l AS lane`;
}
