import { randomInt } from 'node:crypto';
import { MovableClock } from '../clock/movableClock';
import { crowded } from '../clock/realDelay';
import { systemClock } from '../clock/systemClock';
import type { Emulator, EmulatorOptions } from '../emulatorApi';
import { readOptions } from '../emulatorOptions';
import { ConductJudge } from '../judge/conductJudge';
import type { World } from '../world';
import { AttemptRunner } from './attemptRunner';
import { BotPosts, type IncomingPost, type PlatformAnswer } from './botPosts';
import { ChatEngine } from './chatEngine';
import { ContactCentre } from './contactCentre';
import { viewOfAgentConversation, viewOfCustomer } from './conversation';
import { Conversations } from './conversations';
import { CustomerHandle } from './customerHandle';
import { Deliveries } from './deliveries';
import { Faults } from './faults';
import { Integration } from './integration';
import { Listeners } from './listeners';
import { SeededIds } from './seededIds';
import { UnderWay } from './underWay';
import { verdict } from './verdict';
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

/**
 * A local Webex Connect without its server.
 *
 * @param realNow Milliseconds that no jump moves; a test may have its own.
 * @throws EmulatorOptionError
 */
export function createEngine(
  { webhookUrl, ...given }: EngineOptions,
  realNow = () => performance.now(),
): Engine {
  const options = readOptions(given);
  // Drawn, unless given: a bot that remembers the last run must not take this one's messages for repeats.
  const seed = options.seed ?? randomInt(2 ** 32);
  const { answerWithinMs, answerExpectedWithinMs, retryDelaysMs, rule, dialect } = options;
  const listeners = new Listeners();
  const changed = () => listeners.notify();

  const clock = new MovableClock(options.clock ?? systemClock);
  const ids = new SeededIds(seed);
  const conversations = new Conversations(ids);
  const stopped = new AbortController();
  const whenStopped = crowded(stopped.signal);
  const underWay = new UnderWay(() => clock.isDue);
  const wire = new WireLog();
  const faults: Faults = new Faults(ids, () => {
    if (!faults.canReorder('toBot')) deliveries.releaseHeldBack();
    if (!faults.canReorder('fromBot')) posts.releaseHeldBack();
    changed();
  });
  let knownStatus = 'unverified';
  const { botUrl, platform, verificationToken, accessToken } = options;
  const operatorsEntries = { botUrl, platform, verificationToken, accessToken };
  const integration = new Integration(operatorsEntries, () => {
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
      isWithAgent: (id) => conversations.botConversation(id)?.holder === 'contactCentre',
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
    retryDelaysMs,
    answerWithinMs,
    changed,
  });
  const chat: ChatEngine = new ChatEngine(
    { rule, dialect, linksConversations: options.linkAgentConversations },
    { ids, conversations, clock, faults, judge, deliveries, changed },
  );
  const posts = new BotPosts({
    chat,
    conversations,
    clock,
    faults,
    judge,
    wire,
    underWay,
    isStopped: whenStopped,
    closeEventId: options.closeEventId,
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
    desk: new ContactCentre({
      engine: chat,
      conversations,
      changed,
      subscribe: (listener) => listeners.add(listener),
      stopped: whenStopped,
    }),
    judge: {
      get violations() {
        return judge.violations;
      },
      settle: () => judge.settle(),
      verdict: () => verdict(judge, listeners, whenStopped),
      botEnds: () => judge.botEnds(),
      botRuns: () => judge.botRuns(),
      clear: () => judge.clear(),
    },
    customer: (name, channel) => new CustomerHandle(chat.customer(name, channel), chat, whenStopped),
    setRule: (next) => {
      chat.settings.rule = next;
      changed();
    },
    setDialect: (next) => {
      chat.settings.dialect = next;
      changed();
    },
    world: (): World => ({
      clock: { now: clock.now(), isPaused: clock.isPaused, nextRetryAt: deliveries.nextRetryAt },
      integration: integration.view(webhookUrl(), options.transcriptUrl),
      rule: chat.settings.rule,
      customers: conversations.customers.map(viewOfCustomer),
      desk: conversations.agentConversations.map(viewOfAgentConversation),
      wire: wire.view(),
      faults: faults.view(),
      violations: judge.violations,
      dialect: chat.settings.dialect,
    }),
    subscribe: (listener) => listeners.add(listener),
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
