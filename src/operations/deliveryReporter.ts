import type { Clock } from '../clock';
import type { DeliveryObserver } from '../delivery/deliveryObserver';
import { errorMessage, errorName, errorSummary } from '../errors';
import type { Logger } from '../logger';
import type { Counters } from './counters';
import { placeOf } from './health/wording';
import { SparingLog } from './sparingLog';

/** Turns what the delivery engine reports into counters and log lines. No message text, no address (I9). */
export function reportDelivery(counters: Counters, logger: Logger, clock: Clock): DeliveryObserver {
  // What happens with every event while something is down would fill the disk, and hide all else.
  const sparingly = new SparingLog(clock, logger);
  return {
    eventAccepted(status) {
      if (status === 'stored') counters.add('events_stored_total');
      if (status === 'duplicate') counters.add('events_duplicate_total');
      if (status !== 'full') return;
      counters.add('events_refused_total');
      sparingly.write('error', 'webex-connect: too many events wait; answered 503. See inbound.maxBacklog');
    },
    turnCompleted: () => counters.add('turns_completed_total'),
    turnFailed({ eventId, conversationId, attempt, error }) {
      counters.add('turns_failed_total');
      logger.error('webex-connect: a turn failed', {
        eventId,
        conversationId,
        attempt,
        error: errorName(error),
      });
      logger.debug('webex-connect: a turn failed', { eventId, message: errorMessage(error) });
    },
    turnQuarantined({ eventId, conversationId }) {
      counters.add('turns_quarantined_total');
      logger.error('webex-connect: an event was quarantined; see adapter.quarantine', {
        eventId,
        conversationId,
      });
    },
    messageStaged: (count) => counters.add('messages_staged_total', count),
    messageDelivered: () => counters.add('messages_delivered_total'),
    sendFailed({ messageId, conversationId, attempt, reason, isAmbiguous, next }) {
      counters.add('sends_failed_total');
      if (isAmbiguous) counters.add('sends_ambiguous_total');
      if (next === 'dead') counters.add('messages_dead_total');
      const fields = { messageId, conversationId, attempt, reason, isAmbiguous, next };
      if (next === 'dead')
        logger.error('webex-connect: a message was given up; see adapter.deadLetters', fields);
      else logger.warn('webex-connect: a message could not be sent', fields);
    },
    webhookInactive(destination, reason) {
      const what = placeOf(destination);
      logger.error(`webex-connect: ${what} is inactive; messages wait until a probe gets through`, {
        destination,
        reason,
      });
    },
    webhookActive: (destination) =>
      logger.info(`webex-connect: ${placeOf(destination)} is active again`, { destination }),
    // Each failed attempt was told already.
    healthChanged: () => {},
    transcriptFailed(conversationId, reason) {
      counters.add('transcripts_failed_total');
      logger.error('webex-connect: a transcript could not be written', { conversationId, reason });
    },
    storeFailed(doing, error) {
      sparingly.write('error', `webex-connect: the store failed, ${doing}; trying again`, {
        error: errorSummary(error),
      });
    },
    leaseLost: (what) => logger.warn('webex-connect: another process has taken over', { what }),
  };
}
