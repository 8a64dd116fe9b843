import { randomInt } from 'node:crypto';
import { MovableClock } from '../clock/movableClock';
import { systemClock } from '../clock/systemClock';
import type { Emulator, EmulatorOptions } from '../emulatorApi';
import { ConductJudge } from '../judge/conductJudge';
import type { World } from '../world';
import { AttemptRunner } from './attemptRunner';
import { BotPosts, type IncomingPost, type PlatformAnswer } from './botPosts';
import { ChatEngine } from './chatEngine';
import { ContactCentre } from './contactCentre';
import { viewOfAgentConversation, viewOfCustomer } from './conversation';
import { CustomerHandle } from './customerHandle';
import { Deliveries } from './deliveries';
import { Faults } from './faults';
import { Integration } from './integration';
import { SeededIds } from './seededIds';
import { UnderWay } from './underWay';
import { verify } from './verifier';
import { WireLog } from './wireLog';

/** Everything of an emulator but the server. */
export interface Engine extends Omit<Emulator, 'url' | 'webhookUrl'> {
  /** Of all that is drawn; give it to another engine for the same run. */
  readonly seed: number;
  /** What the bot POSTed to the integration's URL. */
  receive(post: IncomingPost): Promise<PlatformAnswer>;
}

/** Options of {@link createEngine}. */
export type EngineOptions = EmulatorOptions & {
  /** Where the bot has to POST, for the page to show. */
  readonly webhookUrl: () => string;
};

const ANSWER_WITHIN_MS = 5000;
const ANSWER_EXPECTED_WITHIN_MS = 30_000;
const MINUTE = 60_000;
/** Assumption: the reference says at most four, over the next hour. */
const RETRY_DELAYS_MS = [MINUTE, 5 * MINUTE, 15 * MINUTE, 39 * MINUTE];
const MAX_RETRIES = 4;

/**
 * A local Webex Connect without its server.
 *
 * @param realNow Milliseconds that no jump moves; a test may have its own.
 */
export function createEngine(options: EngineOptions, realNow = () => performance.now()): Engine {
  checkOptions(options);
  // Drawn, unless given: a bot that remembers the last run must not take this one's messages for repeats.
  const seed = options.seed ?? randomInt(2 ** 32);
  const answerWithinMs = options.answerWithinMs ?? ANSWER_WITHIN_MS;
  const answerExpectedWithinMs = options.answerExpectedWithinMs ?? ANSWER_EXPECTED_WITHIN_MS;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  const clock = new MovableClock(options.clock ?? systemClock);
  const ids = new SeededIds(seed);
  const stopped = new AbortController();
  const underWay = new UnderWay(() => clock.isDue);
  const wire = new WireLog();
  const faults: Faults = new Faults(ids, () => {
    if (!faults.canReorder('toBot')) deliveries.releaseHeldBack();
    if (!faults.canReorder('fromBot')) posts.releaseHeldBack();
    changed();
  });
  let knownStatus = 'unverified';
  const integration = new Integration(options, () => {
    if (integration.status !== knownStatus) {
      knownStatus = integration.status;
      deliveries.integrationChanged();
    }
    changed();
  });
  const runner = new AttemptRunner(integration, answerWithinMs);
  const judge = new ConductJudge({
    answerExpectedWithinMs,
    now: () => clock.now(),
    realNow,
    situation: {
      isHealthy: () => integration.isHealthy,
      isWithAgent: (id) => chat.botConversation(id)?.holder === 'contactCentre',
    },
    changed,
  });
  const deliveries: Deliveries = new Deliveries({
    clock,
    integration,
    faults,
    judge,
    runner,
    wire,
    underWay,
    retryDelaysMs: options.retryDelaysMs ?? RETRY_DELAYS_MS,
    answerWithinMs,
    changed,
  });
  const chat: ChatEngine = new ChatEngine(
    {
      rule: options.rule ?? 'BOT',
      dialect: options.dialect ?? 'documented',
      linksConversations: options.linkAgentConversations ?? true,
    },
    { ids, clock, faults, judge, deliveries, changed },
  );
  const posts = new BotPosts({
    chat,
    clock,
    faults,
    judge,
    wire,
    underWay,
    isStopped: stopped.signal,
    changed,
  });
  // Silence makes no noise: it has to be looked for, while somebody watches.
  const watch = setInterval(() => judge.settle(), Math.max(answerExpectedWithinMs / 2, 1000));
  watch.unref();

  return {
    seed,
    integration: {
      verify: () => underWay.during(() => verify({ integration, runner, faults, clock, wire, changed })),
      edit: (changes) => integration.edit(changes),
    },
    clock: {
      now: () => clock.now(),
      pause: () => {
        clock.pause();
        changed();
      },
      resume: () => {
        clock.resume();
        changed();
      },
      jump: async (milliseconds) => {
        await clock.jump(milliseconds);
        changed();
      },
      stepToNextRetry: async () => {
        const next = deliveries.nextRetryAt;
        if (next === undefined) return;
        await clock.jump(Math.max(next - clock.now(), 0));
        changed();
      },
    },
    faults,
    desk: new ContactCentre(chat, changed, subscribe),
    judge,
    customer: (name, channel) => new CustomerHandle(chat.customer(name, channel), chat),
    setRule: (rule) => {
      chat.settings.rule = rule;
      changed();
    },
    setDialect: (dialect) => {
      chat.settings.dialect = dialect;
      changed();
    },
    world: (): World => ({
      clock: { now: clock.now(), isPaused: clock.isPaused, nextRetryAt: deliveries.nextRetryAt },
      integration: integration.view(options.webhookUrl()),
      rule: chat.settings.rule,
      customers: chat.customers.map(viewOfCustomer),
      desk: chat.agentConversations.map(viewOfAgentConversation),
      wire: wire.view(),
      faults: faults.view(),
      violations: judge.violations,
      dialect: chat.settings.dialect,
    }),
    subscribe,
    resend: async (wireEntryId) => {
      const entry = wire.find(wireEntryId);
      if (entry === undefined) throw new Error(`The wire's log has no entry '${wireEntryId}'.`);
      if (entry.kind === 'fromBot') posts.replay(entry);
      else await deliveries.resend(entry);
    },
    idle: () => underWay.idle(),
    receive: (post) => posts.receive(post),
    stop: async () => {
      clearInterval(watch);
      stopped.abort();
      clock.stop();
      runner.stop();
      await underWay.idle();
    },
  };
}

function checkOptions({ retryDelaysMs, answerWithinMs }: EngineOptions): void {
  if (retryDelaysMs !== undefined && retryDelaysMs.length > MAX_RETRIES) {
    throw new RangeError(`retryDelaysMs: the platform retries at most ${MAX_RETRIES} times.`);
  }
  if (answerWithinMs !== undefined && !(answerWithinMs > 0)) {
    throw new RangeError('answerWithinMs: has to be more than 0.');
  }
}
