import assert from 'node:assert/strict';
import { handoverDied, observe, told } from '../../src/delivery/conversationLife';
import { TRACE } from '../support/storeSamples';
import {
  AGENT,
  acknowledged,
  handedOver,
  ID,
  Life,
  observation,
  T,
  withAgent,
} from './support/conversationLives';

describe('A conversation', () => {
  it('is told of by events in its own queue, stamped before the step and of the trace that causes it', () => {
    const [accepted] = withAgent().notices;
    assert.deepEqual(accepted, {
      id: `notice at ${T + 3000}`,
      conversationId: ID,
      source: 'handoffStatus',
      payload: JSON.stringify({
        handoverId: 'h1',
        state: 'accepted',
        message: '',
        agentConversationId: AGENT,
      }),
      dedupeKey: undefined,
      receivedAt: T + 3000,
      traceContext: TRACE,
    });
  });

  it('keeps each handover with its times', () => {
    const { pastHandovers } = withAgent().customer(T + 9000, { receivedAt: T + 9100 }).bot;
    assert.deepEqual(pastHandovers, [
      {
        id: 'h1',
        requestedAt: T + 1000,
        acknowledgedAt: T + 2000,
        acceptedAt: T + 3000,
        agentConversationIds: [AGENT],
        outcome: 'completed',
        endedAt: T + 9100,
        reason: '',
        noticeId: `notice at ${T + 9100}`,
        isTold: false,
      },
    ]);
  });

  it('keeps the first time at which the handover was taken', () => {
    const { phase } = acknowledged().acknowledge(T + 5000).bot;
    assert.equal(phase.state === 'handingOver' && phase.handover.acknowledgedAt, T + 2000);
  });

  it('notes of one handover alone that the bot was told of it', () => {
    const { pastHandovers } = handedOver()
      .customer(T + 1500)
      .play(handoverDied('h1', T + 2000, 'gone', { id: 'first', at: T }))
      .handOver(T + 3000, 'h2')
      .play(handoverDied('h2', T + 4000, 'gone', { id: 'second', at: T }))
      .play(told('first')).bot;
    assert.deepEqual(
      pastHandovers.map(({ id, isTold }) => [id, isTold]),
      [
        ['h1', true],
        ['h2', false],
      ],
    );
  });

  it('has no agent’s conversation because of an event that is no message', () => {
    const life = acknowledged().see({ kind: 'other' }, T + 3000);
    assert.deepEqual([life.bot.agentConversations, life.bot.lastSeenAt], [[], T + 3000]);
  });

  it('is proven the bot’s by an event that says so, or a handover, for good', () => {
    const assumed = { kind: 'customerToBot', isStated: false } as const;
    const assumedOnly = () => new Life().see(assumed, T);
    assert.equal(assumedOnly().bot.isProven, false);
    assert.equal(assumedOnly().handOver(T + 1).bot.isProven, true);
    assert.equal(
      assumedOnly()
        .customer(T + 1)
        .see(assumed, T + 2).bot.isProven,
      true,
    );
  });

  it('remembers agents’ conversations in the order in which they came, with their times', () => {
    const life = withAgent()
      .agent(T + 2500)
      .agent(T + 6000, 'another')
      .agent(T + 4000);
    assert.deepEqual(life.bot.agentConversations, [
      { id: AGENT, tiedBy: 'field', firstSeenAt: T + 2500, lastSeenAt: T + 4000 },
      { id: 'another', tiedBy: 'field', firstSeenAt: T + 6000, lastSeenAt: T + 6000 },
    ]);
  });

  it('remembers channel, latest events and custom parameters, and no more than it can hold', () => {
    const life = new Life();
    for (let n = 1; n <= 200; n++) {
      const seen = observation({ fact: { kind: 'customerToBot', isStated: true }, at: T + n });
      const sighting = {
        ...seen.sighting,
        messageId: `m${n}`,
        channel: n < 100 ? 'SMS' : undefined,
        customParams: { [`customparam${n}`]: `${n}` },
      };
      life.play(observe({ ...seen, sighting }));
    }
    const { lastEvents, channel, customParams, firstSeenAt, lastSeenAt } = life.bot;
    assert.equal(lastEvents.length, 20);
    assert.deepEqual(lastEvents.at(-1), { event: 'Event', at: T + 200, messageId: 'm200' });
    assert.equal(channel, 'SMS');
    assert.deepEqual([firstSeenAt, lastSeenAt], [T + 1, T + 200]);
    assert.equal(Object.keys(customParams).length, 50);
    assert.equal(customParams.customparam200, '200');
  });

  it('cuts what is longer than any name', () => {
    const seen = observation({ fact: { kind: 'other' }, at: T });
    const long = 'x'.repeat(300);
    const sighting = { ...seen.sighting, event: long, messageId: long, channel: long };
    const { channel, lastEvents } = new Life().play(observe({ ...seen, sighting })).bot;
    const kept = 'x'.repeat(256);
    assert.deepEqual([channel, lastEvents], [kept, [{ event: kept, at: T, messageId: kept }]]);
  });

  it('keeps no more handovers and agents’ conversations than it can hold', () => {
    const life = new Life();
    for (let n = 1; n <= 300; n++) {
      const at = T + n * 10_000;
      life
        .handOver(at, `h${n}`)
        .acknowledge(at + 1000, `h${n}`)
        .agent(at + 2000, `a${n}`)
        .customer(at + 3000);
    }
    assert.equal(life.bot.pastHandovers.length, 50);
    assert.equal(life.bot.pastHandovers.at(-1)?.id, 'h300');
    assert.equal(life.bot.agentConversations.length, 200);
  });
});
