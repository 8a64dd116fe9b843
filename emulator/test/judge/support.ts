import { ConductJudge } from '../../src/judge/conductJudge';
import type { AttemptFacts, EventFacts, PostFacts } from '../../src/judge/facts';

/** A judge whose surroundings a test sets. */
export class Court {
  readonly judge: ConductJudge;
  realTime = 0;
  /** The emulator's. */
  time = 42;
  isHealthy = true;
  isWithAgent = false;
  /** Hears of each violation. */
  listener: () => void = () => undefined;
  #entries = 0;

  constructor() {
    this.judge = new ConductJudge({
      answerExpectedWithinMs: 100,
      now: () => this.time,
      realNow: () => this.realTime,
      situation: { isHealthy: () => this.isHealthy, isWithAgent: () => this.isWithAgent },
      changed: () => this.listener(),
    });
  }

  /** An event that the customer has just caused. */
  event(key: string, overrides: Partial<EventFacts> = {}): EventFacts {
    const entryId = `event ${key}`;
    return { key, entryId, conversationId: 'A', isForBot: true, routedAt: this.judge.mark(), ...overrides };
  }

  /** The bot gets an event and takes it. */
  deliver(event: EventFacts, overrides: Partial<AttemptFacts> = {}): void {
    this.judge.sends(event);
    this.judge.ends(event, {
      tookMs: 5,
      wasCut: false,
      token: 'right',
      isAccepted: true,
      limitMs: 5000,
      ...overrides,
    });
  }

  /** The bot says something. */
  says(text: string, stamp: number | undefined, overrides: Partial<PostFacts> = {}): PostFacts {
    const post: PostFacts = {
      entryId: `post ${++this.#entries}`,
      conversationId: 'A',
      target: 'bot',
      eventId: '1001',
      text,
      stamp,
      key: undefined,
      problems: [],
      isActedOn: true,
      isAnswered: true,
      isRefusedForGood: false,
      ...overrides,
    };
    this.judge.receives(post);
    return post;
  }

  handsOver(stamp: number, overrides: Partial<PostFacts> = {}): PostFacts {
    const post = this.says('', stamp, { eventId: '1002', ...overrides });
    if (post.isActedOn) this.isWithAgent = true;
    return post;
  }

  /** The agent is done. */
  closes(): void {
    this.isWithAgent = false;
  }

  /** The rules that were broken, after all that should have happened had its time. */
  get verdict(): readonly string[] {
    this.realTime += 1000;
    return this.judge.settle().map(({ rule }) => rule);
  }
}

/** The post came, and was acted on, but the answer was lost by a fault. */
export const ANSWER_LOST = { isAnswered: false } as const;
/** A fault kept the post from having any effect. */
export const REFUSED = { isAnswered: false, isActedOn: false } as const;
