import { BotProcess, type BotProcessSettings } from './botProcess';
import { FaultPlatform } from './faultPlatform';
import { judge, type Verdict } from './verdict';

/** What a run under random kills is made of. */
export interface CrashRunSettings {
  readonly bot: Omit<BotProcessSettings, 'webhookUrl' | 'killAt'>;
  readonly replicas: number;
  readonly conversations: number;
  readonly kills: number;
  /** Milliseconds that a process lives at least and at most. */
  readonly life: readonly [number, number];
  readonly random: () => number;
}

const DRAIN_MS = 120_000;

/**
 * Sends events under load while the bot's processes are killed at random instants and started again; then lets
 * the last ones finish, and compares what the platform saw with what it had to see.
 */
export async function crashRun(settings: CrashRunSettings): Promise<{ verdict: Verdict; retried: number }> {
  const platform = await FaultPlatform.listen();
  const bot = { ...settings.bot, webhookUrl: platform.webhookUrl };
  const running = new Map<number, BotProcess>();
  let isOver = false;
  let kills = 0;

  const urls = () => [...running.values()].map(({ url }) => url);
  const someUrl = () => urls().slice(0, 1 + Math.floor(settings.random() * urls().length));
  const conversations = Array.from({ length: settings.conversations }, async (_, index) => {
    let number = 0;
    const nextText = () => (isOver ? undefined : `${++number}`);
    const conversationId = `C${index}`;
    return [conversationId, await platform.converse(conversationId, nextText, someUrl)] as const;
  });

  const liveAndDie = async (slot: number) => {
    while (!isOver) {
      const process = await BotProcess.start(bot);
      if (process === undefined) throw new Error('the bot did not start');
      running.set(slot, process);
      const [least, most] = settings.life;
      await new Promise((resolve) => setTimeout(resolve, least + settings.random() * (most - least)));
      if (kills >= settings.kills) {
        isOver = true;
        return;
      }
      kills++;
      running.delete(slot);
      await process.kill('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: settings.replicas }, (_, slot) => liveAndDie(slot)));

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
  for (const process of running.values()) await process.kill('SIGTERM');
  await platform.close();
  return { verdict, retried };
}
