import assert from 'node:assert/strict';
import type { DeliveryObserver } from '../../src/delivery/deliveryObserver';
import { outcomeOfNetworkError, outcomeOfStatus } from '../../src/delivery/sendOutcome';
import { COUNTERS, type CounterName, Counters } from '../../src/operations/counters';
import { reportDelivery } from '../../src/operations/deliveryReporter';
import { ManualClock } from '../../src/testing';
import { RecordingLogger } from '../support/recordingLogger';
import { refusedMessage } from '../support/sendOutcomes';
import { TestEngine } from '../support/testEngine';

const failure = {
  messageId: 'm',
  conversationId: 'c',
  attempt: 2,
  reason: 'the webhook answered 500',
  isAmbiguous: false,
  next: 'retry',
} as const;

describe('reportDelivery', () => {
  let counters: Counters;
  let logger: RecordingLogger;
  let clock: ManualClock;
  let observer: DeliveryObserver;

  beforeEach(() => {
    counters = new Counters();
    logger = new RecordingLogger();
    clock = new ManualClock();
    observer = reportDelivery(counters, logger, clock);
  });

  function counted(): [CounterName, number][] {
    return [...COUNTERS.keys()]
      .map((name): [CounterName, number] => [name, counters.get(name)])
      .filter(([, count]) => count > 0);
  }

  const rows: [
    title: string,
    report: () => void,
    counts: [CounterName, number][],
    level: string | undefined,
  ][] = [
    ['counts stored events', () => observer.eventAccepted('stored'), [['events_stored_total', 1]], undefined],
    ['counts repeats', () => observer.eventAccepted('duplicate'), [['events_duplicate_total', 1]], undefined],
    [
      'counts refused events and tells of them',
      () => observer.eventAccepted('full'),
      [['events_refused_total', 1]],
      'error',
    ],
    ['counts completed turns', () => observer.turnCompleted(), [['turns_completed_total', 1]], undefined],
    [
      'counts failed turns and tells of them',
      () => observer.turnFailed({ eventId: 'e', conversationId: 'c', attempt: 1, error: new Error('no') }),
      [['turns_failed_total', 1]],
      'error',
    ],
    [
      'counts quarantined events and tells of them',
      () => observer.turnQuarantined({ eventId: 'e', conversationId: 'c', reason: 'no' }),
      [['turns_quarantined_total', 1]],
      'error',
    ],
    [
      'counts staged messages, several at a time',
      () => observer.messageStaged(3),
      [['messages_staged_total', 3]],
      undefined,
    ],
    [
      'counts delivered messages',
      () => observer.messageDelivered(),
      [['messages_delivered_total', 1]],
      undefined,
    ],
    [
      'counts failed sends and warns of them',
      () => observer.sendFailed(failure),
      [['sends_failed_total', 1]],
      'warn',
    ],
    [
      'counts sends whose outcome is unknown',
      () => observer.sendFailed({ ...failure, isAmbiguous: true, next: 'held' }),
      [
        ['sends_failed_total', 1],
        ['sends_ambiguous_total', 1],
      ],
      'warn',
    ],
    [
      'counts messages that were given up and tells of them',
      () => observer.sendFailed({ ...failure, next: 'dead' }),
      [
        ['sends_failed_total', 1],
        ['messages_dead_total', 1],
      ],
      'error',
    ],
    [
      'tells of a webhook that turned inactive',
      () => observer.webhookInactive('webhook', 'the webhook answered 500'),
      [],
      'error',
    ],
    ['tells of a webhook that is active again', () => observer.webhookActive('webhook'), [], 'info'],
    [
      'tells of a store that fails',
      () => observer.storeFailed('claiming turns', new Error('SQLITE_BUSY')),
      [],
      'error',
    ],
    ['warns of a lease that was lost', () => observer.leaseLost('message m'), [], 'warn'],
  ];
  for (const [title, report, counts, level] of rows) {
    it(title, () => {
      report();
      assert.deepEqual(counted(), counts);
      assert.deepEqual(
        logger.lines.map((line) => line.level).filter((shown) => shown !== 'debug'),
        level === undefined ? [] : [level],
      );
      for (const { message } of logger.lines) assert.match(message, /^webex-connect: /);
    });
  }

  it('tells once a minute of what happens with every event, and how often it did', async () => {
    for (let n = 0; n < 1000; n++) {
      observer.eventAccepted('full');
      observer.storeFailed('claiming turns', new Error('down'));
    }
    observer.storeFailed('ending a turn', new Error('down'));
    assert.equal(logger.lines.length, 3);
    assert.equal(counters.get('events_refused_total'), 1000);
    await clock.advance(60_000);
    observer.eventAccepted('full');
    assert.deepEqual(logger.lines[3]?.fields, { leftOut: 999 });
  });

  it('says which message failed, why, and what becomes of it', () => {
    observer.sendFailed(failure);
    assert.deepEqual(logger.lines[0]?.fields, failure);
  });

  it('names what a turn has thrown, and says what it said at debug only (I9)', () => {
    const coded = Object.assign(new TypeError('4111'), { code: 'E_CARD' });
    for (const error of [new Error('4111'), coded, '4111', { toString: () => '4111' }]) {
      observer.turnFailed({ eventId: 'e', conversationId: 'c', attempt: 1, error });
    }
    const shown = logger.lines.filter(({ level }) => level !== 'debug');
    assert.deepEqual(
      shown.map(({ fields }) => fields?.error),
      ['Error', 'TypeError E_CARD', 'string', 'object'],
    );
    assert.ok(!JSON.stringify(shown).includes('4111'));
    const debug = logger.lines.filter(({ level }) => level === 'debug');
    assert.deepEqual(
      debug.map(({ fields }) => fields?.message),
      ['4111', '4111', '4111', '4111'],
    );
  });

  it('tells of a quarantined event without the reason, which may quote the bot (I9)', () => {
    observer.turnQuarantined({ eventId: 'e', conversationId: 'c', reason: 'the turn failed: 4111' });
    assert.deepEqual(logger.lines[0]?.fields, { eventId: 'e', conversationId: 'c' });
  });

  it('says which destination is inactive, and which is active again', () => {
    for (const name of ['webhook', 'crm']) {
      observer.webhookInactive(name, 'no');
      observer.webhookActive(name);
    }
    assert.deepEqual(
      logger.lines.map(({ message }) => message),
      [
        'webex-connect: the webhook is inactive; messages wait until a probe gets through',
        'webex-connect: the webhook is active again',
        "webex-connect: the bridge 'crm' is inactive; messages wait until a probe gets through",
        "webex-connect: the bridge 'crm' is active again",
      ],
    );
  });

  it('gives no address away (I9)', () => {
    const statuses = [302, 400, 401, 500].map((status) => outcomeOfStatus(status, undefined));
    for (const outcome of [...statuses, outcomeOfNetworkError('ECONNREFUSED')]) {
      const reason = outcome.kind === 'accepted' ? '' : outcome.reason;
      observer.sendFailed({ ...failure, reason, next: 'dead' });
      observer.webhookInactive('webhook', reason);
    }
    assert.doesNotMatch(logger.text, /https?:|\d+\.\d+\.\d+\.\d+|secret/);
  });

  it('gives no text away while the engine works (I9)', async () => {
    const text = 'my card number is 4111';
    const engine = await TestEngine.started({ observer, inbox: { maxBacklog: 1 } });
    engine.client.next.push(refusedMessage);
    const body = JSON.stringify({ message: text });
    const event = { conversationId: 'c', source: 'platform', dedupeKey: undefined, receivedAt: 0 } as const;
    await engine.engine.accept({ ...event, id: 'e', payload: body });
    await engine.engine.accept({ ...event, id: 'f', payload: body });
    await engine.stage('c', 'm');
    await engine.idle();
    assert.ok(logger.lines.length >= 2);
    assert.ok(!logger.text.includes('4111'));
  });
});
