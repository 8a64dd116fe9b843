import assert from 'node:assert/strict';
import { HealthAlerts } from '../../../src/operations/health/healthAlerts';
import type { HealthEvent } from '../../../src/operations/health/healthEvents';
import { HealthListeners } from '../../../src/operations/health/healthListeners';
import { ManualClock } from '../../../src/testing';
import { INACTIVE, wellFacts } from '../../support/healthSamples';
import { present } from '../../support/present';
import { RecordingLogger } from '../../support/recordingLogger';

describe('HealthAlerts', () => {
  let clock: ManualClock;
  let logger: RecordingLogger;
  let alerts: HealthAlerts;
  let events: HealthEvent[];

  beforeEach(() => {
    clock = new ManualClock();
    logger = new RecordingLogger();
    events = [];
    const listeners = new HealthListeners(logger);
    listeners.add((event) => events.push(event), { isOnce: false });
    alerts = new HealthAlerts(clock, listeners, logger);
  });

  const fail = (subject: 'webhook' | `bridge:${string}`, consecutiveFailures: number, limit = 5) =>
    alerts.destination(subject, { status: 'active', consecutiveFailures, limit });
  const shown = () => events.map(({ subject, level, percent }) => `${subject} ${level} ${percent}`);
  const waiting = (waitingEvents: number, waitingMessages = 0) => ({
    ...present(wellFacts().store),
    waitingEvents,
    waitingMessages,
  });

  it('tells of the webhook at each threshold, and of its recovery', () => {
    for (const failures of [1, 2, 3, 4]) fail('webhook', failures);
    alerts.destination('webhook', INACTIVE);
    alerts.destination('webhook', { ...INACTIVE, consecutiveFailures: 8 });
    fail('webhook', 0);
    assert.deepEqual(shown(), [
      'webhook warning 50',
      'webhook warning 70',
      'webhook critical 100',
      'webhook recovered 0',
    ]);
  });

  it('tells all there is to know', async () => {
    const since = clock.now();
    fail('webhook', 1);
    await clock.advance(1000);
    fail('webhook', 3);
    await clock.advance(1000);
    alerts.destination('webhook', INACTIVE);
    await clock.advance(1000);
    fail('webhook', 0);
    assert.deepEqual(events, [
      {
        subject: 'webhook',
        level: 'warning',
        percent: 50,
        failures: 3,
        limit: 5,
        message: '3 of 5 consecutive failures until the webhook turns inactive',
        advice:
          'see why Webex Connect does not accept what is sent; what is given up meanwhile is a dead letter',
        since,
        at: since + 1000,
      },
      {
        subject: 'webhook',
        level: 'critical',
        percent: 100,
        failures: 7,
        limit: 5,
        message:
          'the webhook is inactive: the webhook answered 503 (7 consecutive failures, the limit is 5; ' +
          'since 2026-03-09T13:50:00.000Z; next probe at 2026-03-09T14:01:00.000Z)',
        advice:
          'see why Webex Connect does not accept what is sent; what waits is kept in order, a probe goes out from time ' +
          'to time, and adapter.reactivate() sends at once',
        since,
        at: since + 2000,
      },
      {
        subject: 'webhook',
        level: 'recovered',
        percent: 0,
        failures: 0,
        limit: 5,
        message: 'the webhook accepts messages again',
        advice: 'nothing; all that waited goes on by itself',
        since,
        at: since + 3000,
      },
    ]);
  });

  it('tells of each bridge for itself, and how to reactivate it', () => {
    fail('bridge:one', 3);
    alerts.destination('bridge:two', INACTIVE);
    fail('bridge:one', 0);
    assert.deepEqual(shown(), ['bridge:one warning 50', 'bridge:two critical 100', 'bridge:one recovered 0']);
    assert.match(events[1]?.advice ?? '', /adapter\.reactivate\('two'\)/);
    assert.match(events[1]?.message ?? '', /^the bridge 'two' is inactive/);
  });

  it('tells of a limit of one once, with 100 percent', () => {
    fail('webhook', 1, 1);
    fail('webhook', 0, 1);
    fail('webhook', 1, 1);
    assert.deepEqual(shown(), ['webhook critical 100', 'webhook recovered 0', 'webhook critical 100']);
  });

  it('tells of Webex Connect’s view, with what to do at the limit', () => {
    const at = clock.now();
    for (const failures of [1, 2, 3, 4, 5, 6]) alerts.platform({ failures, since: at - 7, lastAt: at });
    alerts.platform(undefined);
    assert.deepEqual(shown(), [
      'platform warning 50',
      'platform warning 70',
      'platform critical 100',
      'platform recovered 0',
    ]);
    assert.match(events[2]?.message ?? '', /edit the integration and verify again/);
    assert.match(events[2]?.advice ?? '', /edit the integration and verify again/);
    assert.doesNotMatch(events[0]?.advice ?? '', /edit the integration/);
    assert.ok(events.every(({ since }) => since === at - 7));
  });

  it('repeats nothing that an earlier life has told, and tells of what comes on top, and of the recovery', () => {
    alerts.remember('platform', 4, 5, 123);
    alerts.platform({ failures: 4, since: 123, lastAt: 124 });
    assert.equal(events.length, 0);
    alerts.platform({ failures: 5, since: 123, lastAt: 125 });
    alerts.platform(undefined);
    assert.deepEqual(shown(), ['platform critical 100', 'platform recovered 0']);
    assert.equal(events[0]?.since, 123);
  });

  it('forgets nothing that it has told since for what an earlier life had told', () => {
    fail('webhook', 4);
    alerts.remember('webhook', 3, 5, undefined);
    fail('webhook', 4);
    assert.deepEqual(shown(), ['webhook warning 70']);
    alerts.remember('webhook', 2, 5, undefined);
    fail('webhook', 0);
    assert.deepEqual(shown().at(-1), 'webhook recovered 0');
  });

  it('tells of a backlog at each threshold, and of its end only when it is well below a half', () => {
    for (const events of [49, 50, 69, 70, 95, 89, 95, 100, 50, 49, 41, 40])
      alerts.backlog(waiting(events), 100);
    assert.deepEqual(shown(), [
      'waitingEvents warning 50',
      'waitingEvents warning 70',
      'waitingEvents critical 90',
      'waitingEvents critical 100',
      'waitingEvents recovered 0',
    ]);
    assert.match(events[3]?.advice ?? '', /answered 503/);
  });

  it('tells of waiting messages for themselves', () => {
    alerts.backlog(waiting(10, 60), 100);
    assert.deepEqual(shown(), ['waitingMessages warning 50']);
    assert.ok(alerts.isRaised('waitingMessages'));
    assert.equal(alerts.isRaised('waitingEvents'), false);
  });

  it('tells at once that an event was refused', () => {
    alerts.backlogIsFull(100);
    alerts.backlogIsFull(100);
    assert.deepEqual(shown(), ['waitingEvents critical 100']);
  });

  it('tells that the store is lost and found, with the name of the error', () => {
    alerts.store(true, 'Error ECONNREFUSED', 5);
    alerts.store(false, 'Error ECONNREFUSED', 5);
    assert.deepEqual(shown(), ['store critical 100', 'store recovered 0']);
    assert.deepEqual(
      events.map((event) => event.subject === 'store' && [event.error, event.since]),
      [
        ['Error ECONNREFUSED', 5],
        ['Error ECONNREFUSED', 5],
      ],
    );
  });

  it('tells of silence and its end', () => {
    alerts.traffic(5, 3_600_000);
    alerts.traffic(undefined, 3_600_000);
    assert.deepEqual(shown(), ['traffic critical 100', 'traffic recovered 0']);
    assert.deepEqual([events[0]?.since, events[1]?.since], [5, 5]);
  });

  it('logs what is in no other line, by its level', () => {
    fail('webhook', 3);
    alerts.platform({ failures: 3, since: 1, lastAt: 1 });
    alerts.platform({ failures: 5, since: 1, lastAt: 1 });
    alerts.platform(undefined);
    assert.deepEqual(
      logger.lines.map(({ level, fields }) => `${level} ${fields?.subject}`),
      ['warn platform', 'error platform', 'info platform'],
    );
  });
});
