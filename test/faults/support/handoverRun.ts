import { z } from 'zod';
import type { BotProcessSettings } from './botProcess';
import type { Life } from './handoverLives';
import { HandoverPlatform } from './handoverPlatform';
import {
  type HandoverVerdict,
  judgeLives,
  knownConversation,
  type LivedLife,
  missingIn,
  toldToBot,
} from './handoverVerdict';
import { MortalBots } from './mortalBots';
import { Storyline } from './storyline';

/** Far more than anything takes: what stands still is to fail with a name. */
const AT_MOST_MS = 180_000;
const LOOK_EACH_MS = 25;

const botState = z.object({
  health: z.object({ store: z.object({ waitingEvents: z.number(), waitingMessages: z.number() }) }),
  deadLetters: z.array(z.object({ role: z.string(), conversationId: z.string() })),
  quarantine: z.array(z.unknown()),
});

/** A bot that hands over, in processes that may die, and the platform that it lives on. */
export class HandoverRun {
  readonly platform: HandoverPlatform;
  readonly bots: MortalBots;
  readonly #told: z.infer<typeof toldToBot>[];
  readonly #stories: Storyline[] = [];

  private constructor(platform: HandoverPlatform, bots: MortalBots, told: z.infer<typeof toldToBot>[]) {
    this.platform = platform;
    this.bots = bots;
    this.#told = told;
  }

  static async on(
    bot: Pick<BotProcessSettings, 'store' | 'postgres' | 'options'>,
    replicas: number,
  ): Promise<HandoverRun> {
    const platform = await HandoverPlatform.listen();
    const told: z.infer<typeof toldToBot>[] = [];
    const settings: BotProcessSettings = {
      ...bot,
      program: 'handoverProcess.cjs',
      webhookUrl: platform.webhookUrl,
      onTold: (what) => told.push(toldToBot.parse(what)),
    };
    return new HandoverRun(platform, new MortalBots(settings, replicas), told);
  }

  /** A conversation that can begin. */
  story(conversationId: string): Storyline {
    const story = new Storyline(this.platform, conversationId, this.bots.nextUrl);
    this.#stories.push(story);
    return story;
  }

  live(life: Life, story: Storyline): Promise<void> {
    return life(story, this.platform, {
      knowsOfTaking: (conversationId) => this.#isTaken(conversationId),
      isToldAll: () =>
        this.#until(
          'the bot is told all',
          async () => missingIn(story.told, this.#toldOf(story)).length === 0,
        ),
    });
  }

  /** Resolves when the bot has nothing left to do. */
  async settled(): Promise<void> {
    await this.#until('nothing waits', async () => {
      const { waitingEvents, waitingMessages } = (await this.#state()).health.store;
      return waitingEvents === 0 && waitingMessages === 0;
    });
  }

  /** What came of all stories so far. */
  async verdict(): Promise<HandoverVerdict> {
    await this.settled();
    const lives: LivedLife[] = [];
    for (const story of this.#stories) lives.push(await this.#lived(story));
    const verdict = judgeLives(lives);
    const { deadLetters, quarantine } = await this.#state();
    const failed = this.#stories.filter(({ outcomes }) => outcomes.includes('failed'));
    const broken = [...verdict.broken];
    if (quarantine.length > 0) broken.push(`in quarantine: ${JSON.stringify(quarantine)}`);
    const expectedToDie = failed.map(({ conversationId }) => conversationId).sort();
    const died = deadLetters.map(({ conversationId }) => conversationId).sort();
    if (died.join() !== expectedToDie.join()) broken.push(`dead letters: ${JSON.stringify(deadLetters)}`);
    for (const { conversationId, text } of this.platform.spokenOutOfTurn) {
      broken.push(`${conversationId}: '${text}' while an agent had it`);
    }
    const known = new Set(this.#stories.map(({ conversationId }) => conversationId));
    for (const { conversationId, text } of this.platform.seen) {
      if (!known.has(conversationId)) broken.push(`'${text}' to ${conversationId}, which is no customer's`);
    }
    return { ...verdict, broken };
  }

  async end(): Promise<void> {
    await this.bots.stop();
    await this.platform.close();
  }

  async #lived(story: Storyline): Promise<LivedLife> {
    const { conversationId } = story;
    const known = knownConversation.parse(await this.#ask(`/conversation?id=${conversationId}`));
    return {
      story,
      seen: this.platform.seen.filter((seen) => seen.conversationId === conversationId),
      told: this.#toldOf(story),
      known,
    };
  }

  /** What the bot sees before a tie is known comes in the agent's conversation. */
  #toldOf({ conversationId }: Storyline) {
    return this.#told.filter(({ conversationId: id }) => id.split('-of-').at(-1) === conversationId);
  }

  #isTaken(conversationId: string): Promise<void> {
    return this.#until(`${conversationId} is taken`, async () => {
      const known = knownConversation.parse(await this.#ask(`/conversation?id=${conversationId}`));
      const { state, handover } = known.record.phase;
      return state !== 'handingOver' || handover?.acknowledgedAt !== undefined;
    });
  }

  async #state(): Promise<z.infer<typeof botState>> {
    return botState.parse(await this.#ask('/state'));
  }

  #ask(path: string): Promise<unknown> {
    return this.bots.get(0).ask(path);
  }

  /** @param look Is asked again when it fails: a bot may die at any moment. */
  async #until(what: string, look: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + AT_MOST_MS;
    while (!(await look().catch(() => false))) {
      if (Date.now() > deadline) throw new Error(`Still not so: ${what}.`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EACH_MS));
    }
  }
}
