import {
  type Activity,
  ActivityEx,
  BotAdapter,
  type ConversationReference,
  type ResourceResponse,
  TurnContext,
} from 'botbuilder';
import { WEBHOOK_DESTINATION } from '../delivery/destinations';
import { WebexConnectConfigurationError, WebexConnectNotSupportedError } from '../errors';
import { guardLogger } from '../logger';
import { HandoverMiddleware } from '../middleware/handoverMiddleware';
import { offerServices } from '../middleware/turnServices';
import type { Conversations } from '../operations/conversations';
import type { Counters } from '../operations/counters';
import type { DeadLetters } from '../operations/deadLetters';
import type { AdapterHealth } from '../operations/health/adapterHealth';
import type { AdapterEvents } from '../operations/health/healthEvents';
import { isReservedDestination } from '../operations/health/reservedDestinations';
import { OperatorClerk } from '../operations/operatorClerk';
import { Quarantine } from '../operations/quarantine';
import type { ClaimedTurn } from '../store/deliveryStore';
import { AdapterLife } from './adapterLife';
import { type AdapterParts, assemble } from './adapterParts';
import type { WebexConnectRequest, WebexConnectResponse } from './http/httpTypes';
import { type AdapterSettings, resolveOptions, type WebexConnectAdapterOptions } from './options';
import { Reception } from './reception';
import { TurnHandle } from './turnHandle';
import { type TurnLogic, TurnLogics } from './turnLogics';

/** botbuilder's `ClaimsIdentity`, as far as this adapter looks at it. */
export type ClaimsIdentity = Exclude<Parameters<BotAdapter['continueConversationAsync']>[0], string>;

/** Is told of an event of the adapter. What it throws, or rejects with, is logged and harms nothing. */
export type AdapterListener<Name extends keyof AdapterEvents> = (event: AdapterEvents[Name]) => unknown;

/**
 * Puts a Bot Framework bot on every channel of Cisco Webex Connect. Events are stored before they are answered,
 * messages before they are sent, so that neither is lost, doubled or overtaken.
 *
 * ```ts
 * const adapter = new WebexConnectAdapter({ webhookUrl, verification: { token } });
 * await adapter.start((context) => bot.run(context));
 * server.post('/api/webex-connect', async (req, res) =>
 *   adapter.process(req, res, (context) => bot.run(context)),
 * );
 * ```
 *
 * Unlike `CloudAdapter`, `process` resolves when the request is answered; the turn runs after it. Turns of one
 * conversation run one at a time; proactive turns run beside them, as in every Bot Framework adapter.
 */
export class WebexConnectAdapter extends BotAdapter {
  /** The messages that were given up: list, replay, discard. */
  readonly deadLetters: DeadLetters;
  /** What could not be handled: list, replay, discard. */
  readonly quarantine: Quarantine;
  /** The conversations that are known: who has them, their agents' conversations, their transcripts. */
  readonly conversations: Conversations;
  /** Counts since the process began. */
  readonly counters: Counters;

  readonly #settings: AdapterSettings;
  readonly #parts: AdapterParts;
  readonly #logics: TurnLogics;
  readonly #reception: Reception;
  readonly #life: AdapterLife;

  /**
   * @param options Only `webhookUrl` is required.
   * @throws {WebexConnectConfigurationError} when an option is wrong, with its path.
   */
  constructor(options: WebexConnectAdapterOptions) {
    super();
    const settings = resolveOptions(options);
    this.#settings = settings;
    this.#logics = new TurnLogics(settings.clock);
    this.#parts = assemble(settings, (turn, eventId, activity) => this.#runTurn(turn, eventId, activity));
    this.counters = this.#parts.metrics.counters;
    this.deadLetters = this.#parts.deadLetters;
    this.conversations = this.#parts.conversations;
    const { store, clock, logger, inbound, shutdownMs } = settings;
    this.#reception = new Reception({
      ...this.#parts,
      store,
      inbound,
      logics: this.#logics,
      start: (logic) => this.#startWith(logic),
    });
    this.quarantine = new Quarantine(
      store,
      (request) => this.#reception.readmit(request),
      () => this.#parts.engine.wake(),
    );
    const clerk = new OperatorClerk(store, clock, guardLogger(logger), {
      deadLetters: this.deadLetters,
      quarantine: this.quarantine,
      conversations: this.conversations,
      reactivate: (destination) => this.reactivate(destination),
    });
    const { engine, health, metrics } = this.#parts;
    this.#life = new AdapterLife({ engine, health, metrics, clerk, clock, shutdownMs });
  }

  /**
   * Adds middleware. This package's own also tells the adapter what to keep and where to hand over to, so add it before
   * `start`.
   *
   * @throws {WebexConnectConfigurationError} when the adapter has a `HandoverMiddleware` already, or one of its bridges
   * has a destination by a name that is the adapter's own.
   */
  override use(...middlewares: Parameters<BotAdapter['use']>): this {
    for (const middleware of middlewares) {
      this.#parts.extensions.check(middleware);
      if (middleware instanceof HandoverMiddleware) this.#addDestinations(middleware);
      this.#parts.extensions.notice(middleware);
    }
    return super.use(...middlewares);
  }

  #addDestinations({ settings: { bridges } }: HandoverMiddleware): void {
    const { outbound, clock } = this.#settings;
    const settings = { timeoutMs: outbound.timeoutMs, maxConnections: outbound.maxConcurrent };
    for (const { destination } of bridges) {
      if (destination === WEBHOOK_DESTINATION) continue;
      mustBeFree(destination.name);
      this.#parts.engine.addDestination(destination.name, destination.createClient(settings, clock));
    }
  }

  /**
   * Opens the store, runs the turns and sends the messages that an earlier run has left, and is ready for more.
   *
   * @param logic Runs the turns of events that no request of this process brought.
   * @throws {WebexConnectNotRunningError} after `stop`.
   */
  async start(logic: TurnLogic): Promise<void> {
    mustBeFunction('logic', logic);
    this.#life.mustNotBeOver();
    this.#logics.setFallback(logic);
    await this.#life.remember();
  }

  /**
   * Answers new events 503, lets turns and sends finish within `shutdownMs`, gives the rest back to the store and
   * closes it. An adapter that was stopped cannot be started again; make a new one.
   */
  stop(): Promise<void> {
    return this.#life.end();
  }

  /**
   * Handles one request of Webex Connect and answers it, always. Starts the adapter if nobody has.
   *
   * @param logic Runs the turn, after the answer.
   * @returns When the request is answered.
   */
  async process(req: WebexConnectRequest, res: WebexConnectResponse, logic: TurnLogic): Promise<void> {
    mustBeObject('req', req);
    mustBeObject('res', res);
    mustBeFunction('logic', logic);
    await this.#reception.receive(req, res, logic);
  }

  /** The older name of `process`. */
  processActivity(req: WebexConnectRequest, res: WebexConnectResponse, logic: TurnLogic): Promise<void> {
    return this.process(req, res, logic);
  }

  /**
   * Stores what the bot sends and delivers it in order. Bots call `context.sendActivity`.
   *
   * @returns One response per activity, in order, as soon as all are stored.
   * @throws {WebexConnectInvalidActivityError} when an activity cannot be sent as it is; then none was.
   */
  async sendActivities(context: TurnContext, activities: Partial<Activity>[]): Promise<ResourceResponse[]> {
    mustBeObject('context', context);
    if (!Array.isArray(activities)) throw new TypeError('`activities` must be an array');
    return this.#parts.sender.send(context, activities);
  }

  /** @throws {WebexConnectNotSupportedError} always: no message can be changed once it is sent. */
  async updateActivity(_context: TurnContext, _activity: Partial<Activity>): Promise<never> {
    throw new WebexConnectNotSupportedError(
      'Webex Connect cannot change a message that was sent. Send a new one instead of updateActivity.',
    );
  }

  /** @throws {WebexConnectNotSupportedError} always: no message can be taken back. */
  async deleteActivity(_context: TurnContext, _reference: Partial<ConversationReference>): Promise<never> {
    throw new WebexConnectNotSupportedError(
      'Webex Connect cannot take back a message that was sent. Do without deleteActivity.',
    );
  }

  /** The older name of `continueConversationAsync`, without an app id. */
  async continueConversation(reference: Partial<ConversationReference>, logic: TurnLogic): Promise<void> {
    await this.#runProactiveTurn(reference, logic);
  }

  /**
   * Runs a proactive turn in a conversation whose reference was kept.
   *
   * @param botAppId Not used: Webex Connect knows no app ids.
   */
  override continueConversationAsync(
    botAppId: string,
    reference: Partial<ConversationReference>,
    logic: TurnLogic,
  ): Promise<void>;
  /**
   * The same, with claims instead of an app ID.
   *
   * @param claimsIdentity Put into the turn's state, for skills.
   */
  override continueConversationAsync(
    claimsIdentity: ClaimsIdentity,
    reference: Partial<ConversationReference>,
    logic: TurnLogic,
  ): Promise<void>;
  /**
   * The same, with claims and an audience.
   *
   * @param audience Put into the turn's state, for skills.
   */
  override continueConversationAsync(
    claimsIdentity: ClaimsIdentity,
    reference: Partial<ConversationReference>,
    audience: string,
    logic: TurnLogic,
  ): Promise<void>;
  override async continueConversationAsync(
    botAppIdOrClaims: string | ClaimsIdentity,
    reference: Partial<ConversationReference>,
    logicOrAudience: TurnLogic | string,
    maybeLogic?: TurnLogic,
  ): Promise<void> {
    const logic = typeof logicOrAudience === 'function' ? logicOrAudience : maybeLogic;
    await this.#runProactiveTurn(reference, logic, (context) => {
      if (typeof botAppIdOrClaims !== 'string') context.turnState.set(this.BotIdentityKey, botAppIdOrClaims);
      if (typeof logicOrAudience === 'string') context.turnState.set(this.OAuthScopeKey, logicOrAudience);
    });
  }

  /**
   * Takes a destination for healthy again; everything that waits for it drains in order.
   *
   * @param destination The name of a bridge's own; by default the webhook.
   */
  reactivate(destination: string = WEBHOOK_DESTINATION): Promise<void> {
    return this.#parts.engine.reactivate(destination);
  }

  /**
   * How the adapter is, with reasons; see {@link healthRoutes} for its HTTP form. Never rejects, takes two seconds at
   * most, and may be asked as often as one likes.
   */
  health(): Promise<AdapterHealth> {
    return this.#parts.health.health();
  }

  /**
   * Calls `listener` whenever the adapter's health changes in a way that an operator should know: at 50, 70, 90 and 100
   * percent of what makes the webhook, a bridge or Webex Connect's view of this bot inactive, of `inbound.maxBacklog`,
   * when the store is lost, when Webex Connect falls silent, and when all is well again.
   *
   * @throws {TypeError} when there is no event of that name.
   */
  on<Name extends keyof AdapterEvents>(name: Name, listener: AdapterListener<Name>): this {
    mustBeEvent(name);
    mustBeFunction('listener', listener);
    this.#parts.health.listeners.add(listener, { isOnce: false });
    return this;
  }

  /** Like `on`, for the next event alone. */
  once<Name extends keyof AdapterEvents>(name: Name, listener: AdapterListener<Name>): this {
    mustBeEvent(name);
    mustBeFunction('listener', listener);
    this.#parts.health.listeners.add(listener, { isOnce: true });
    return this;
  }

  /** Takes back what `on` or `once` did. Harmless for a listener that is not there. */
  off<Name extends keyof AdapterEvents>(name: Name, listener: AdapterListener<Name>): this {
    mustBeEvent(name);
    this.#parts.health.listeners.remove(listener);
    return this;
  }

  /**
   * All that the adapter measures, in the text format of Prometheus: counts and durations since the process began, and
   * how things are now, for a route `/metrics`. Never rejects.
   */
  metrics(): Promise<string> {
    return this.#parts.metrics.toPrometheus();
  }

  /** Resolves when no turn runs, nothing is on the wire and nothing is due: for tests and orderly endings. */
  whenIdle(): Promise<void> {
    return this.#parts.engine.whenIdle();
  }

  /** For requests that may come before anybody has started the adapter. */
  #startWith(logic: TurnLogic): Promise<void> | undefined {
    if (this.#life.isUnderWay) return undefined;
    return this.#startAnew(logic);
  }

  async #startAnew(logic: TurnLogic): Promise<void> {
    if (!this.#life.hasBegun) {
      this.#life.mustNotBeOver();
      this.#logics.setFallback(logic);
    }
    await this.#life.begin();
  }

  async #runTurn(turn: ClaimedTurn, eventId: string, activity: Partial<Activity>): Promise<void> {
    const logic = this.#logics.of(turn.event.id);
    const context = new TurnContext(this, activity);
    await this.#run(context, new TurnHandle(turn, eventId), logic);
    this.#logics.forget(turn.event.id);
  }

  async #runProactiveTurn(
    reference: Partial<ConversationReference>,
    logic: TurnLogic | undefined,
    prepare: (context: TurnContext) => void = () => {},
  ): Promise<void> {
    mustBeObject('reference', reference);
    mustBeFunction('logic', logic);
    const context = new TurnContext(this, ActivityEx.getContinuationActivity(reference));
    prepare(context);
    await this.#parts.telemetry.proactiveTurn(reference.conversation?.id, () =>
      this.#run(context, new TurnHandle(undefined), logic),
    );
  }

  async #run(context: TurnContext, handle: TurnHandle, logic: TurnLogic): Promise<void> {
    TurnHandle.attach(context, handle);
    offerServices(context, this.#settings.store);
    try {
      await this.runMiddleware(context, logic);
    } finally {
      await handle.end();
    }
  }
}

function mustBeObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw new TypeError(`\`${name}\` must be an object`);
}

function mustBeFree(destination: string): void {
  if (!isReservedDestination(destination)) return;
  throw new WebexConnectConfigurationError(
    'bridge',
    `no destination may be called '${destination}': names that begin with '@' are the adapter's own`,
    'HandoverMiddleware',
  );
}

function mustBeEvent(name: string): void {
  if (name !== 'health') throw new TypeError(`There is no event '${name}'; there is 'health'`);
}

function mustBeFunction(name: string, value: unknown): asserts value is (...args: never[]) => unknown {
  if (typeof value !== 'function') throw new TypeError(`\`${name}\` must be a function`);
}
