import type { HandoverPlatform } from './handoverPlatform';
import type { Storyline } from './storyline';

/** A life that a conversation may have. */
export type Life = (story: Storyline, platform: HandoverPlatform, bot: KnownBot) => Promise<void>;

/** What a life may wait for. */
export interface KnownBot {
  /** Resolves when the bot knows that the contact centre has taken the handover of a conversation. */
  knowsOfTaking(conversationId: string): Promise<void>;
  /** Resolves when the bot has been told all that it has to be told so far. */
  isToldAll(story: Storyline): Promise<void>;
}

/** Shorter than the bot waits: what the answer waits for may itself wait for a bot that is down. */
const ANSWER_WITHIN_MS = 1000;
const GIVE_UP_AFTER = 3;

/** Bot, handing over, agent, and back again, twice; then closed, and opened again. */
export const handedOverTwice: Life = async (story, platform, bot) => {
  for (const round of [1, 2]) {
    const agentId = `agent-${round}-of-${story.conversationId}`;
    await story.says(`hello ${round}`);
    await story.hears(`Echo: hello ${round}`);

    const answer = laterAnswer(200);
    platform.judgeHandovers(story.conversationId, () => ({ isTaken: true, status: answer.status }));
    await askForAgent(story, round);
    story.chapter = 'handing over';
    await cross(story, round);
    story.told.push(`customer mirrored hurry ${round}`);
    await story.mirrors('agent', `early ${round}`, agentId);
    answer.give();
    // The second time all goes on at once, whether the bot follows or not.
    if (round === 1) await bot.knowsOfTaking(story.conversationId);
    story.chapter = 'acknowledged';
    await story.mirrors('agent', `linked ${round}`, agentId, { isTied: true });
    story.chapter = 'agent';
    await story.mirrors('customer', `question ${round}`, agentId);
    if (round === 1) await bot.isToldAll(story);

    platform.agentIsDone(story.conversationId);
    story.chapter = 'agent is done';
    story.outcomes.push('completed');
    await story.says(`back ${round}`);
    await story.hears(`On completed ${round}`);
    await story.hears(`Echo: back ${round}`);
    story.told.push(`answered back ${round}`);
    story.chapter = 'bot';
  }
  await story.says('bye');
  await story.hears('Bye!');
  // Crosses the bot's closing of the conversation.
  await story.says('wait');
  await story.hears('Echo: wait');
};

/** The contact centre refuses the handover. */
export const refused: Life = (story, platform) => failToHandOver(story, platform, 400);

/** The contact centre is not there, until the bot gives the handover up. */
export const givenUp: Life = (story, platform) => failToHandOver(story, platform, 503);

/** For the bot: how often it tries before it gives a handover up. */
export const RETRY_DELAYS_TO_GIVE_UP_MS = Array.from({ length: GIVE_UP_AFTER - 1 }, () => 20);

async function failToHandOver(story: Storyline, platform: HandoverPlatform, status: number): Promise<void> {
  const answer = laterAnswer(status);
  platform.judgeHandovers(story.conversationId, () => ({ isTaken: false, status: answer.status }));
  await askForAgent(story, 1);
  story.chapter = 'handing over';
  await cross(story, 1);
  answer.give();
  story.outcomes.push('failed');
  await story.hears('On failed 1');
  await story.hears('Echo: hurry 1');
  story.chapter = 'bot';
  await story.says('after');
  await story.hears('Echo: after');
}

async function askForAgent(story: Storyline, round: number): Promise<void> {
  await story.says(`agent ${round}`);
  await story.hears(`One moment ${round}`);
  await story.receives(`<handover ${round}>`);
  story.told.push(`answered agent ${round}`);
}

/** The customer writes before the handover was answered. */
function cross(story: Storyline, round: number): Promise<void> {
  return story.says(`hurry ${round}`);
}

/** An answer that is given when the test says so, or has waited long enough. */
function laterAnswer(status: number): { readonly status: Promise<number>; give(): void } {
  let give: () => void = () => {};
  const given = new Promise<number>((resolve) => {
    give = () => resolve(status);
  });
  const late = () => new Promise<number>((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS, status));
  return {
    /** Asked for at each arrival of the handover. */
    get status() {
      return Promise.race([given, late()]);
    },
    give: () => give(),
  };
}
