import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { SeenPost } from './handoverPlatform';
import type { Storyline } from './storyline';
import { judge, type Verdict } from './verdict';

/** What the bot tells of a conversation after its life. */
export const knownConversation = z.object({
  record: z.object({
    phase: z.object({
      state: z.string(),
      handover: z.object({ acknowledgedAt: z.number().optional() }).optional(),
    }),
    pastHandovers: z.array(z.object({ id: z.string(), outcome: z.string() })),
  }),
  transcript: z.array(z.object({ author: z.string(), text: z.string() })),
  untied: z.array(z.string()),
});

/** What the bot has said that it was told. */
export const toldToBot = z.object({ conversationId: z.string(), what: z.string(), text: z.string() });

/** What is known of a conversation when its life is over. */
export interface LivedLife {
  readonly story: Storyline;
  /** Of this conversation, in the order of arrival. */
  readonly seen: readonly SeenPost[];
  readonly told: readonly z.infer<typeof toldToBot>[];
  readonly known: z.infer<typeof knownConversation>;
}

/** A verdict on lives that were handed over. */
export interface HandoverVerdict extends Verdict {
  /** What must not be, in words. */
  readonly broken: readonly string[];
}

/** What the bot tries to say while it may not; it may come when the agent is done, and is no part of the story. */
const isGated = (text: string) => text.startsWith('Gated: ');

/** Compares lives with their stories. Pure. */
export function judgeLives(lives: readonly LivedLife[]): HandoverVerdict {
  const seen = lives.flatMap((life) =>
    life.seen.filter(({ text, isAskedForAgain }) => !isGated(text) && !isAskedForAgain),
  );
  const expected = new Map(lives.map(({ story }) => [story.conversationId, story.replies]));
  const gated = lives.flatMap((life) => life.seen.filter(({ text }) => isGated(text)));
  const { storedTwice } = judge(gated, new Map());
  const verdict = judge(seen, expected);
  return {
    ...verdict,
    storedTwice: [...verdict.storedTwice, ...storedTwice],
    broken: lives.flatMap((life) => brokenIn(life).map((what) => `${life.story.conversationId}: ${what}`)),
  };
}

function brokenIn({ story, seen, told, known }: LivedLife): string[] {
  const broken: string[] = [];
  const mustBe = (what: string, actual: unknown, expected: unknown) => {
    if (isDeepStrictEqual(actual, expected)) return;
    broken.push(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  };
  const { phase, pastHandovers } = known.record;
  mustBe('the state', phase.state, 'bot');
  mustBe(
    'its handovers',
    pastHandovers.map(({ outcome }) => outcome),
    story.outcomes,
  );
  mustBe(
    'untied',
    known.untied.filter((id) => id.endsWith(`-of-${story.conversationId}`)),
    [],
  );

  const lines = known.transcript.map(({ author, text }) => `${author}: ${text}`);
  const isAside = (line: string) => isGated(line.slice('bot: '.length));
  mustBe(
    'the transcript',
    lines.filter((line) => !isAside(line)),
    story.transcript,
  );
  const saidAside = new Set(seen.map(({ text }) => text).filter(isGated));
  mustBe('said aside', lines.filter(isAside).sort(), [...saidAside].map((text) => `bot: ${text}`).sort());

  const statuses = pastHandovers.flatMap(({ id, outcome }) =>
    outcome === 'completed' ? [`accepted ${id}`, `completed ${id}`] : [`failed ${id}`],
  );
  mustBe('not told', missingIn([...story.told, ...statuses], told), []);
  const ofStatus = told.filter(({ what }) => ['accepted', 'completed', 'failed'].includes(what));
  const wrong = ofStatus
    .map(({ what, text }) => `${what} ${text}`)
    .filter((what) => !statuses.includes(what));
  mustBe('told wrongly', wrong, []);
  return broken;
}

/** What of `expected` the bot was not told. */
export function missingIn(expected: readonly string[], told: LivedLife['told']): string[] {
  const wasTold = new Set(told.map(({ what, text }) => `${what} ${text}`));
  return expected.filter((what) => !wasTold.has(what));
}

/** The verdicts of several runs as one. */
export function sumOf(verdicts: readonly HandoverVerdict[]): HandoverVerdict {
  return {
    events: verdicts.reduce((sum, { events }) => sum + events, 0),
    lost: verdicts.flatMap(({ lost }) => lost),
    storedTwice: verdicts.flatMap(({ storedTwice }) => storedTwice),
    ambiguous: verdicts.reduce((sum, { ambiguous }) => sum + ambiguous, 0),
    reordered: verdicts.flatMap(({ reordered }) => reordered),
    unexpected: verdicts.flatMap(({ unexpected }) => unexpected),
    broken: verdicts.flatMap(({ broken }) => broken),
  };
}
