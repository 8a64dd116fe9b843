import { DeliveryEngine } from '../delivery/deliveryEngine';
import { WEBHOOK_DESTINATION } from '../delivery/destinations';
import { WebhookClient } from '../delivery/webhookClient';
import { errorName } from '../errors';
import { guardLogger, type Logger } from '../logger';
import { Conversations } from '../operations/conversations';
import { DeadLetters } from '../operations/deadLetters';
import { reportDelivery } from '../operations/deliveryReporter';
import { HealthMonitor } from '../operations/health/healthMonitor';
import { readGauges } from '../operations/telemetry/gauges';
import { Metrics } from '../operations/telemetry/metrics';
import { Telemetry } from '../operations/telemetry/telemetry';
import { WEBEX_CONNECT_CHANNEL_ID } from '../protocol/eventNames';
import type { InboundEvent } from '../protocol/inboundEvent';
import { platformMessageIdOf } from '../protocol/platformMessageId';
import { ActivitySender } from './activitySender';
import { EventIntake } from './eventIntake';
import { EventPlacement } from './eventPlacement';
import { Extensions } from './extensions';
import { HandoverComposer } from './handoverComposer';
import { InboundEndpoint } from './http/inboundEndpoint';
import { InboundTranslator } from './inboundTranslator';
import type { AdapterSettings } from './options';
import { TranscriptRecorder } from './transcriptRecorder';
import { TurnRunner, type TurnRunnerParts } from './turnRunner';

/** What the adapter is made of. */
export interface AdapterParts {
  readonly metrics: Metrics;
  readonly telemetry: Telemetry;
  readonly extensions: Extensions;
  readonly engine: DeliveryEngine;
  readonly translator: InboundTranslator;
  readonly intake: EventIntake;
  readonly sender: ActivitySender;
  readonly endpoint: InboundEndpoint;
  readonly health: HealthMonitor;
  readonly deadLetters: DeadLetters;
  readonly conversations: Conversations;
}

/** Puts the parts together. @param runBot See {@link TurnRunnerParts.run}. */
export function assemble(settings: AdapterSettings, runBot: TurnRunnerParts['run']): AdapterParts {
  const { store, clock, outbound, translation, botId } = settings;
  const logger = guardLogger(settings.logger);
  const destinations = () =>
    Object.fromEntries(engine.destinations.map((name) => [name, engine.health(name)]));
  const metrics: Metrics = new Metrics({
    botId,
    readGauges: () =>
      readGauges({
        now: () => clock.now(),
        stats: () => health.stats(),
        destinations,
        failureLimit: outbound.failuresUntilInactive,
        platformFailures: () => health.platformFailures,
        turnsUnderWay: () => telemetry.turnsUnderWay,
        sendsUnderWay: () => telemetry.sendsUnderWay,
      }),
  });
  const telemetry = new Telemetry(settings.telemetry, clock, metrics);
  const { counters } = metrics;
  const extensions = new Extensions();
  const { botConversationOf, decodeMedia, closeEventId } = translation;
  const translator = new InboundTranslator({ ...translation, botConversationOf, decodeMedia, botId }, store);
  const turns = new TurnRunner({
    store,
    clock,
    clockToleranceMs: () => extensions.handover.clockToleranceMs,
    translator,
    counters,
    run: runBot,
    hasten: (conversationId) => engine.hasten(conversationId),
    onTellFailed: (conversationId, error) =>
      logger.error('webex-connect: the bot has failed to hear what became of a handover; it is told again', {
        conversationId,
        error: errorName(error),
      }),
  });
  const health: HealthMonitor = new HealthMonitor({
    store,
    clock,
    logger,
    webhook: WEBHOOK_DESTINATION,
    destinations,
    maxBacklog: settings.inbound.maxBacklog,
    failuresUntilInactive: outbound.failuresUntilInactive,
    expectTrafficWithinMs: settings.health.expectTrafficWithinMs,
    warnAfterWaitingMs: settings.health.warnAfterWaitingMs,
  });
  const engine: DeliveryEngine = new DeliveryEngine({
    store,
    clock,
    observer: health.listenTo(reportDelivery(counters, logger, clock)),
    inbox: settings.inbound,
    turns: settings.turns,
    sender: outbound,
    clients: { [WEBHOOK_DESTINATION]: webhookClient(settings) },
    leaseMs: settings.leaseMs,
    pollMs: settings.pollMs,
    runTurn: (turn) => telemetry.turn(turn, () => turns.run(turn)),
    watchAttempt: (send, attempt) => telemetry.send(send, attempt),
  });
  const recorder = new TranscriptRecorder(
    () => extensions.mirror,
    (conversationId, error) => {
      counters.add('transcripts_failed_total');
      logger.error('webex-connect: something that was said could not be kept; see redact and userId', {
        conversationId,
        error: errorName(error),
      });
    },
  );
  const placement = new EventPlacement(
    store,
    clock,
    (event) => isAgentClose(event, extensions, logger),
    () => engine.wake(),
  );
  const composer = new HandoverComposer(store, clock, extensions, translation.hourClock);
  const wake = () => engine.wake();
  return {
    metrics,
    telemetry,
    extensions,
    engine,
    translator,
    intake: new EventIntake({ engine, placement, translator, recorder, extensions, clock }),
    sender: new ActivitySender({
      engine,
      settings: { ...translation, closeEventId },
      botId,
      clock,
      counters,
      logger,
      extensions,
      composer,
      recorder,
      telemetry,
    }),
    endpoint: new InboundEndpoint(
      { ...settings.inbound, verification: settings.verification, authentication: settings.authentication },
      health,
      clock,
      logger,
      () => counters.add('requests_unauthorised_total'),
    ),
    health,
    deadLetters: new DeadLetters(store, wake),
    conversations: new Conversations(store, clock, WEBEX_CONNECT_CHANNEL_ID, wake),
  };
}

function webhookClient({ webhookUrl, outbound, clock }: AdapterSettings): WebhookClient {
  return new WebhookClient(
    {
      url: webhookUrl,
      timeoutMs: outbound.timeoutMs,
      maxConnections: outbound.maxConcurrent,
      judgeAnswer: outbound.judgeAnswer,
      platformMessageId: outbound.platformMessageId ?? platformMessageIdOf,
    },
    clock,
  );
}

/** An option's function that throws must not cost the event; the handover then ends with the customer's next message. */
function isAgentClose(event: InboundEvent, extensions: Extensions, logger: Logger): boolean {
  try {
    // A promise is not true.
    return extensions.handover.isAgentClose?.(event) === true;
  } catch (error) {
    logger.error('webex-connect: isAgentClose has failed', { error: errorName(error) });
    return false;
  }
}
