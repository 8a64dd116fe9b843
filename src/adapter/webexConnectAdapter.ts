import { randomUUID } from 'node:crypto';
import {
  type Activity,
  ActivityEx,
  BotAdapter,
  type ConversationReference,
  type ResourceResponse,
  TurnContext,
} from 'botbuilder';
import { DeliveryEngine } from '../delivery/deliveryEngine';
import { WebhookClient } from '../delivery/webhookClient';
import { WebexConnectNotRunningError, WebexConnectNotSupportedError } from '../errors';
import { guardLogger } from '../logger';
import { Counters } from '../operations/counters';
import { DeadLetters } from '../operations/deadLetters';
import { reportDelivery } from '../operations/deliveryReporter';
import { Quarantine } from '../operations/quarantine';
import { dedupeKey } from '../protocol/dedupeKey';
import type { InboundEvent } from '../protocol/inboundEvent';
import { parseBody } from '../protocol/json';
import { platformMessageIdOf } from '../protocol/platformMessageId';
import type { ClaimedTurn, ConversationState, NewInboxEvent, QuarantinedItem } from '../store/deliveryStore';
import { ActivitySender, WEBHOOK_DESTINATION } from './activitySender';
import { type AdapterHealth, judgeHealth } from './adapterHealth';
import type { WebexConnectRequest, WebexConnectResponse } from './http/httpTypes';
import { InboundEndpoint, type InboundOutcome } from './http/inboundEndpoint';
import { PlatformView } from './http/platformView';
import { withinDeadline } from './http/withinDeadline';
import { InboundTranslator } from './inboundTranslator';
import { type AdapterSettings, resolveOptions, type WebexConnectAdapterOptions } from './options';
import { TurnHandle } from './turnHandle';
import { type TurnLogic, TurnLogics } from './turnLogics';

/** botbuilder's `ClaimsIdentity`, as far as this adapter looks at it. */
type ClaimsIdentity = Exclude<Parameters<BotAdapter['continueConversationAsync']>[0], string>;

/** Milliseconds that a health route waits for the store. */
const HEALTH_WITHIN_MS = 2000;

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
  /** Counts since the process began. */
  readonly counters = new Counters();

  readonly #settings: AdapterSettings;
  readonly #engine: DeliveryEngine;
  readonly #sender: ActivitySender;
  readonly #translator: InboundTranslator;
  readonly #endpoint: InboundEndpoint;
  readonly #platformView = new PlatformView();
  readonly #logics: TurnLogics;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  /**
   * @param options Only `webhookUrl` is required.
   * @throws {WebexConnectConfigurationError} when an option is wrong, with its path.
   */
  constructor(options: WebexConnectAdapterOptions) {
    super();
    const settings = resolveOptions(options);
    const { store, clock, outbound, translation, botId } = settings;
    const logger = guardLogger(settings.logger);
    this.#settings = settings;
    this.#logics = new TurnLogics(clock);
    this.#engine = new DeliveryEngine({
      store,
      clock,
      observer: reportDelivery(this.counters, logger),
      inbox: settings.inbound,
      turns: settings.turns,
      sender: outbound,
      clients: {
        [WEBHOOK_DESTINATION]: new WebhookClient(
          {
            url: settings.webhookUrl,
            timeoutMs: outbound.timeoutMs,
            maxConnections: outbound.maxConcurrent,
            judgeAnswer: outbound.judgeAnswer,
            platformMessageId: outbound.platformMessageId ?? platformMessageIdOf,
          },
          clock,
        ),
      },
      leaseMs: settings.leaseMs,
      pollMs: settings.pollMs,
      runTurn: (turn) => this.#runTurn(turn),
    });
    this.#translator = new InboundTranslator(
      {
        ...translation,
        botId,
        botConversationOf: translation.botConversationOf,
        decodeMedia: translation.decodeMedia,
      },
      store,
    );
    this.#sender = new ActivitySender({
      engine: this.#engine,
      store,
      settings: {
        ...translation,
        closeEventId: translation.closeEventId,
        handoverParams: translation.handoverParams,
      },
      clock,
      counters: this.counters,
      logger,
    });
    this.#endpoint = new InboundEndpoint(
      { ...settings.inbound, verification: settings.verification, authentication: settings.authentication },
      this.#platformView,
      clock,
      logger,
      () => this.counters.add('requests_unauthorised_total'),
    );
    const wake = () => this.#engine.wake();
    this.deadLetters = new DeadLetters(store, wake);
    this.quarantine = new Quarantine(store, (item) => this.#readAgain(item), wake);
  }

  /**
   * Opens the store, runs the turns and sends the messages that an earlier run has left, and is ready for more.
   *
   * @param logic Runs the turns of events that no request of this process brought.
   * @throws {WebexConnectNotRunningError} after `stop`.
   */
  async start(logic: TurnLogic): Promise<void> {
    mustBeFunction('logic', logic);
    if (this.#stopped !== undefined) {
      throw new WebexConnectNotRunningError('This adapter was stopped. Make a new one and start that.');
    }
    this.#logics.setFallback(logic);
    this.#started ??= this.#engine.start();
    try {
      await this.#started;
    } catch (error) {
      this.#started = undefined;
      throw error;
    }
  }

  /**
   * Answers new events 503, lets turns and sends finish within `shutdownMs`, gives the rest back to the store and
   * closes it. An adapter that was stopped cannot be started again; make a new one.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    // A start that failed has told its caller.
    await this.#started?.catch(() => {});
    await this.#engine.stop(this.#settings.shutdownMs);
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
    await this.#endpoint.handle(req, res, {
      decode: (value, receivedAt) => this.#translator.decode(value, receivedAt),
      store: (event, body, receivedAt) => this.#accept(event, body, receivedAt, logic),
      quarantine: (body, reason, receivedAt) => this.#quarantineRequest(body, reason, receivedAt, logic),
    });
  }

  /** The older name of {@link process}. */
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
    return this.#sender.send(context, activities);
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

  /** The older name of {@link continueConversationAsync}, without an app id. */
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
  /** @param claimsIdentity Put into the turn's state, for skills. */
  override continueConversationAsync(
    claimsIdentity: ClaimsIdentity,
    reference: Partial<ConversationReference>,
    logic: TurnLogic,
  ): Promise<void>;
  /** @param audience Put into the turn's state, for skills. */
  override continueConversationAsync(
    claimsIdentity: ClaimsIdentity,
    reference: Partial<ConversationReference>,
    audience: string,
    logic: TurnLogic,
  ): Promise<void>;
  /** @internal */
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

  /** Takes the webhook for healthy again; everything that waits drains in order. */
  reactivate(): Promise<void> {
    return this.#engine.reactivate(WEBHOOK_DESTINATION);
  }

  /** How the adapter is, for a health route. Never rejects. */
  async health(): Promise<AdapterHealth> {
    const { clock } = this.#settings;
    const stats = await withinDeadline(clock, HEALTH_WITHIN_MS, this.#settings.store.stats());
    const store = stats.kind === 'done' ? stats.result : undefined;
    const webhook = this.#engine.health(WEBHOOK_DESTINATION);
    const platformFailures = this.#platformView.consecutiveFailures;
    return judgeHealth({ store, webhook, platformFailures }, this.#platformView.advice());
  }

  /** Whether the bot has closed the conversation with an `endOfConversation` activity. */
  conversationState(conversationId: string): Promise<ConversationState> {
    return this.#settings.store.conversationState(conversationId);
  }

  /** Resolves when no turn runs, nothing is on the wire and nothing is due: for tests and orderly endings. */
  whenIdle(): Promise<void> {
    return this.#engine.whenIdle();
  }

  async #accept(
    event: InboundEvent,
    body: string,
    receivedAt: number,
    logic: TurnLogic,
  ): Promise<InboundOutcome> {
    await (this.#started ?? this.start(logic));
    const inboxEvent = this.#toInboxEvent(event, body, receivedAt);
    this.#logics.remember(inboxEvent.id, logic);
    const outcome = await this.#engine.accept(inboxEvent);
    if (outcome !== 'stored') this.#logics.forget(inboxEvent.id);
    return outcome;
  }

  #toInboxEvent(event: InboundEvent, body: string, receivedAt: number): NewInboxEvent {
    return {
      id: randomUUID(),
      conversationId: event.conversationId,
      source: 'platform',
      payload: body,
      dedupeKey: dedupeKey(event),
      receivedAt,
    };
  }

  async #quarantineRequest(
    body: string,
    reason: string,
    receivedAt: number,
    logic: TurnLogic,
  ): Promise<void> {
    await (this.#started ?? this.start(logic));
    const { store, inbound } = this.#settings;
    await store.quarantine({ id: randomUUID(), body, reason, receivedAt }, inbound.maxQuarantinedRequests);
    this.counters.add('requests_quarantined_total');
  }

  #readAgain(item: QuarantinedItem): NewInboxEvent {
    if (item.kind === 'event') return item.event;
    const parsed = parseBody(item.body);
    const decoded =
      parsed.kind === 'json' ? this.#translator.decode(parsed.value, item.receivedAt) : undefined;
    if (decoded?.kind === 'event') return this.#toInboxEvent(decoded.event, item.body, item.receivedAt);
    throw new WebexConnectNotSupportedError(`The request still cannot be read: ${item.reason}.`);
  }

  async #runTurn(turn: ClaimedTurn): Promise<void> {
    const logic = this.#logics.of(turn.event.id);
    const activity = await this.#translator.toActivity(turn.event);
    const context = new TurnContext(this, activity);
    await this.#run(context, new TurnHandle(turn), logic);
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
    await this.#run(context, new TurnHandle(undefined), logic);
  }

  async #run(context: TurnContext, handle: TurnHandle, logic: TurnLogic): Promise<void> {
    TurnHandle.attach(context, handle);
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

function mustBeFunction(name: string, value: unknown): asserts value is TurnLogic {
  if (typeof value !== 'function') throw new TypeError(`\`${name}\` must be a function`);
}
