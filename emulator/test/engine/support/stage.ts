import type { EmulatorOptions } from '../../../src/emulatorApi';
import type { PlatformAnswer } from '../../../src/engine/botPosts';
import { createEngine, type Engine } from '../../../src/engine/createEngine';
import { writeBotStamp } from '../../../src/wire/stamps';
import type { EventToBot, PostFromBot } from '../../../src/world';
import { type Responder, TestBot, TOKEN } from './testBot';

/** An engine, a bot, and a real time that the test moves. */
export interface TestStage {
  readonly engine: Engine;
  readonly bot: TestBot;
  readonly realTime: { now: number };
  stop(): Promise<void>;
}

/** An engine that is wired to a bot and verified, with its clock paused. */
export async function setUp(options: EmulatorOptions = {}, responder?: Responder): Promise<TestStage> {
  const realTime = { now: 0 };
  // The bot comes second: options that are refused leave nothing behind.
  const engine = createEngine(
    { verificationToken: TOKEN, seed: 1, webhookUrl: () => 'http://127.0.0.1:4000/hooks/x', ...options },
    () => realTime.now,
  );
  const bot = await TestBot.start(responder);
  engine.integration.edit({ botUrl: bot.url });
  engine.clock.pause();
  await engine.integration.verify();
  const stop = async () => {
    await engine.stop();
    await bot.stop();
  };
  return { engine, bot, realTime, stop };
}

const HEADERS = { 'content-type': 'application/json' };

/** The bot says something. */
export function say(
  engine: Engine,
  conversationId: string | undefined,
  message: string,
  { key, at = engine.clock.now() }: { key?: string; at?: number } = {},
): Promise<PlatformAnswer> {
  return post(
    engine,
    { eventid: '1001', conversation_id: conversationId, message, Messagetype: 'TEXT' },
    key,
    at,
  );
}

/** The bot hands over. */
export function handOver(
  engine: Engine,
  conversationId: string | undefined,
  {
    key,
    at = engine.clock.now(),
    params = {},
  }: { key?: string; at?: number; params?: Record<string, string> } = {},
): Promise<PlatformAnswer> {
  return post(engine, { eventid: '1002', conversation_id: conversationId, ...params }, key, at);
}

function post(
  engine: Engine,
  fields: Record<string, unknown>,
  key: string | undefined,
  at: number,
): Promise<PlatformAnswer> {
  return engine.receive({
    headers: { ...HEADERS, 'idempotency-key': key },
    body: JSON.stringify({ ...fields, Timestamp: writeBotStamp(at) }),
  });
}

/** The rules that were broken, in order. */
export function broken(engine: Engine): readonly string[] {
  return engine.judge.violations.map(({ rule }) => rule);
}

export function eventsToBot(engine: Engine): readonly EventToBot[] {
  return engine
    .world()
    .wire.flatMap((entry) => (entry.kind === 'toBot' && entry.event !== 'Verify' ? [entry] : []));
}

export function postsFromBot(engine: Engine): readonly PostFromBot[] {
  return engine.world().wire.flatMap((entry) => (entry.kind === 'fromBot' ? [entry] : []));
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
