import type { SeenReply } from './faultPlatform';

/** What a run came to. */
export interface Verdict {
  readonly events: number;
  /** Expected replies that never came. */
  readonly lost: readonly string[];
  /** Replies that came under two names: the message was stored twice. Must be none. */
  readonly storedTwice: readonly string[];
  /** Replies that came again under the same name: sends whose outcome was unknown. */
  readonly ambiguous: number;
  /** Replies that first came after a later one of their conversation. */
  readonly reordered: readonly string[];
  /** Replies that nobody asked for. */
  readonly unexpected: readonly string[];
}

/** Compares what a platform saw with what it had to see. Pure. */
export function judge(
  replies: readonly SeenReply[],
  expected: ReadonlyMap<string, readonly string[]>,
): Verdict {
  const arrivals = new Map<string, SeenReply[]>();
  for (const reply of replies) {
    const key = name(reply.conversationId, reply.text);
    arrivals.set(key, [...(arrivals.get(key) ?? []), reply]);
  }
  const wanted = [...expected].flatMap(([conversationId, texts]) =>
    texts.map((text) => name(conversationId, text)),
  );
  const known = new Set(wanted);
  return {
    events: wanted.length,
    lost: wanted.filter((key) => !arrivals.has(key)),
    storedTwice: [...arrivals].filter(([, seen]) => namesOf(seen).size > 1).map(([key]) => key),
    ambiguous: [...arrivals.values()].reduce((sum, seen) => sum + seen.length - namesOf(seen).size, 0),
    reordered: [...expected].flatMap(([conversationId, texts]) => outOfOrder(conversationId, texts, replies)),
    unexpected: [...arrivals.keys()].filter((key) => !known.has(key)),
  };
}

function outOfOrder(
  conversationId: string,
  texts: readonly string[],
  replies: readonly SeenReply[],
): string[] {
  const firstArrivals = [
    ...new Set(replies.filter((reply) => reply.conversationId === conversationId).map(({ text }) => text)),
  ];
  const present = texts.filter((text) => firstArrivals.includes(text));
  return firstArrivals
    .filter((text, index) => text !== present[index])
    .map((text) => name(conversationId, text));
}

function namesOf(seen: readonly SeenReply[]): Set<string> {
  return new Set(seen.map(({ idempotencyKey }) => idempotencyKey));
}

function name(conversationId: string, text: string): string {
  return `${conversationId} ${text}`;
}
