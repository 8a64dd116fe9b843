import type { HealthSubject } from './healthEvents';
import { EDIT_AND_VERIFY } from './wording';

const NOTHING_TO_DO = 'nothing; all that waited goes on by itself';

/**
 * What to do about an alert.
 *
 * @param isOver Whether 100 percent of the limit were reached.
 */
export function adviceOf(subject: HealthSubject, isOver: boolean): string {
  switch (subject) {
    case 'webhook':
      return destinationAdvice('Webex Connect', isOver, 'adapter.reactivate()');
    case 'platform':
      return isOver
        ? `mend what the answers failed of, as the log tells; then: ${EDIT_AND_VERIFY}`
        : 'see in the log what the answers fail of, before Webex Connect gives up';
    case 'traffic':
      return `see whether Webex Connect can reach the bot; then: ${EDIT_AND_VERIFY}`;
    case 'store':
      return 'see whether the database runs, can be reached and has room; events are answered 503 until then';
    case 'waitingEvents':
      return isOver
        ? 'new events are answered 503: see why turns take so long or fail, add replicas, or raise inbound.maxBacklog'
        : 'see why turns take so long or fail, and add replicas, before new events are answered 503';
    case 'waitingMessages':
      return 'see whether the webhook or a bridge is inactive or slow; what waits is kept, and sent in order';
    default:
      return destinationAdvice(
        'the contact centre',
        isOver,
        `adapter.reactivate('${subject.slice('bridge:'.length)}')`,
      );
  }
}

/** What to do when all is well again. */
export function adviceAfter(subject: HealthSubject): string {
  return subject === 'platform' || subject === 'traffic'
    ? 'nothing; Webex Connect calls again'
    : NOTHING_TO_DO;
}

function destinationAdvice(who: string, isOver: boolean, reactivate: string): string {
  return isOver
    ? `see why ${who} does not accept what is sent; what waits is kept in order, a probe goes out from time to time, ` +
        `and ${reactivate} sends at once`
    : `see why ${who} does not accept what is sent; what is given up meanwhile is a dead letter`;
}
