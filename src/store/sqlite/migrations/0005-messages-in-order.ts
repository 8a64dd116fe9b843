/**
 * An index by conversation touches another page of a big index with every message that arrives. The IDs that messages go out
 * with begin with the time: by them first, it touches the last. What a conversation has sent is found as its events are.
 */
export const messagesInOrder = `
DROP INDEX outbox_known;
CREATE INDEX outbox_known ON outbox (known_as, conversation_id) WHERE known_as IS NOT NULL;
CREATE INDEX outbox_stretches ON outbox (seq / 256, conversation_id);
`;
