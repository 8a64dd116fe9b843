import type { BotProcessSettings } from './botProcess';
import { FaultPlatform } from './faultPlatform';
import { MortalBots, type RandomKills } from './mortalBots';
import { judge, type Verdict } from './verdict';

/** What a run under random kills is made of. */
export interface CrashRunSettings extends RandomKills {
  readonly bot: Omit<BotProcessSettings, 'webhookUrl' | 'killAt'>;
  readonly replicas: number;
  readonly conversations: number;
}

const DRAIN_MS = 120_000;

/**
 * Sends events under load while the bot's processes are killed at random instants and started again; then lets
 * the last ones finish, and compares what the platform saw with what it had to see.
 */
export async function crashRun(settings: CrashRunSettings): Promise<{ verdict: Verdict; retried: number }> {
  const platform = await FaultPlatform.listen();
  const bots = new MortalBots({ ...settings.bot, webhookUrl: platform.webhookUrl }, settings.replicas);
  let isOver = false;

  const someUrl = () => bots.urls().slice(0, 1 + Math.floor(settings.random() * bots.urls().length));
  const conversations = Array.from({ length: settings.conversations }, async (_, index) => {
    let number = 0;
    const nextText = () => (isOver ? undefined : `${++number}`);
    const conversationId = `C${index}`;
    return [conversationId, await platform.converse(conversationId, nextText, someUrl)] as const;
  });

  await bots.killAtRandom(settings);
  isOver = true;

  const accepted = new Map(await Promise.all(conversations));
  const expected = new Map(
    [...accepted].map(([conversationId, texts]) => [conversationId, texts.map((text) => `Echo: ${text}`)]),
  );
  const wanted = [...expected.values()].reduce((sum, texts) => sum + texts.length, 0);
  const arrived = new Set<string>();
  let seen = 0;
  await platform
    .waitUntil(
      () => {
        for (; seen < platform.replies.length; seen++) {
          const reply = platform.replies[seen];
          if (reply !== undefined) arrived.add(`${reply.conversationId} ${reply.text}`);
        }
        return arrived.size >= wanted;
      },
      DRAIN_MS,
      'every reply',
    )
    .catch((error: unknown) => console.error(error, wanted, arrived.size));
  const verdict = judge(platform.replies, expected);
  const { retried } = platform;
  await bots.stop();
  await platform.close();
  return { verdict, retried };
}
