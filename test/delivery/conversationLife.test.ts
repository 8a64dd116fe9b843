import assert from 'node:assert/strict';
import fc from 'fast-check';
import { observeUntied } from '../../src/delivery/agentConversations';
import {
  close,
  handoverDelivered,
  handoverDied,
  observe,
  reopen,
  told,
} from '../../src/delivery/conversationLife';
import { isGated } from '../../src/store/conversationRecord';
import type { ConversationUpdate } from '../../src/store/deliveryStore';
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

const endsAmong = (told: readonly unknown[]) => told.filter((notice) => notice !== 'accepted');

const SLIP = { id: 'notice', at: T };
const SEEN = { fact: { kind: 'other' }, at: T } as const;

describe('A conversation', () => {
  const rows: [title: string, life: () => Life, state: string, told: string[]][] = [
    ['is the bot’s in the beginning', () => new Life().customer(T), 'bot', []],
    ['is being handed over when the bot asks for it', handedOver, 'handingOver', []],
    ['is still being handed over when the handover was taken', acknowledged, 'handingOver', []],
    ['is the agent’s with the first message of an agent', withAgent, 'agent', ['accepted']],
    [
      'is the agent’s although the handover’s answer is still to come',
      () => handedOver().agent(T + 1500),
      'agent',
      ['accepted'],
    ],
    [
      'tells the bot only once that an agent has accepted',
      () =>
        withAgent()
          .agent(T + 4000)
          .agent(T + 5000),
      'agent',
      ['accepted'],
    ],
    [
      'is not the agent’s because the customer writes to the agent',
      () => acknowledged().agent(T + 3000, AGENT, 'customerToAgent'),
      'handingOver',
      [],
    ],
    [
      'is the bot’s again with a message written after the agent has answered',
      () => withAgent().customer(T + 9000),
      'bot',
      ['accepted', 'completed'],
    ],
    [
      'is the bot’s again when no agent has answered',
      () => acknowledged().customer(T + 9000),
      'bot',
      ['failed: no agent has answered'],
    ],
    [
      'is the bot’s again when the agent closes',
      () => withAgent().agent(T + 9000, AGENT, 'agentClosed'),
      'bot',
      ['accepted', 'completed'],
    ],
    [
      'has failed when the agent closes without a word',
      () => acknowledged().agent(T + 9000, AGENT, 'agentClosed'),
      'bot',
      ['failed: no agent has answered'],
    ],
    [
      'goes on being handed over when an agent’s conversation closes before the handover was taken',
      () => handedOver().agent(T + 1500, AGENT, 'agentClosed'),
      'handingOver',
      [],
    ],
    [
      'stays handed over for a message written before',
      () => acknowledged().customer(T + 1500),
      'handingOver',
      [],
    ],
    [
      'stays the agent’s for a message written before',
      () => withAgent().customer(T + 1500),
      'agent',
      ['accepted'],
    ],
    [
      'stays handed over for any message while the handover is on its way',
      () => handedOver().customer(T + 60_000),
      'handingOver',
      [],
    ],
    ['fails when the handover dies', () => handedOver().die(T + 5000), 'bot', ['failed: gone']],
    [
      'stays the agent’s when the handover dies whose answer was lost',
      () =>
        handedOver()
          .agent(T + 1500)
          .die(T + 5000),
      'agent',
      ['accepted'],
    ],
    [
      'is the agent’s until a message after the agent’s first, where the answer was lost',
      () =>
        handedOver()
          .agent(T + 1500)
          .customer(T + 9000),
      'bot',
      ['accepted', 'completed'],
    ],
    [
      'can be handed over again',
      () =>
        withAgent()
          .customer(T + 9000)
          .handOver(T + 10_000, 'h2')
          .acknowledge(T + 11_000, 'h2')
          .agent(T + 12_000, 'another')
          .customer(T + 13_000),
      'bot',
      ['accepted', 'completed', 'accepted', 'completed'],
    ],
    [
      'is not the agent’s again for what an earlier one said late',
      () =>
        withAgent()
          .customer(T + 9000)
          .handOver(T + 10_000, 'h2')
          .agent(T + 3500),
      'handingOver',
      ['accepted', 'completed'],
    ],
    [
      'is the agent’s again when the same agent’s conversation goes on',
      () =>
        withAgent()
          .customer(T + 9000)
          .handOver(T + 10_000, 'h2')
          .agent(T + 11_000),
      'agent',
      ['accepted', 'completed', 'accepted'],
    ],
    [
      'ignores what an agent says without a handover',
      () => new Life().customer(T).agent(T + 1000),
      'bot',
      [],
    ],
    [
      'ignores the answer to another handover',
      () => handedOver().acknowledge(T + 2000, 'other'),
      'handingOver',
      [],
    ],
    ['ignores the death of another handover', () => handedOver().die(T + 2000, 'other'), 'handingOver', []],
    ['is closed by the bot', () => new Life().customer(T).play(close(ID, T + 1)), 'closed', []],
    ['is opened by the customer', () => new Life().play(close(ID, T)).customer(T + 1), 'bot', []],
    [
      'stays closed when the goodbye is delivered',
      () => new Life().play(close(ID, T)).see({ kind: 'other' }, T + 1),
      'closed',
      [],
    ],
    [
      'is not accepted by an agent who spoke before it was asked for',
      () => handedOver().agent(T + 500, 'older'),
      'handingOver',
      [],
    ],
    [
      'is not given back when the chat of an earlier handover closes',
      () =>
        withAgent()
          .customer(T + 9000)
          .handOver(T + 10_000, 'h2')
          .acknowledge(T + 11_000, 'h2')
          .agent(T + 12_000, 'another')
          .agent(T + 13_000, AGENT, 'agentClosed'),
      'agent',
      ['accepted', 'completed', 'accepted'],
    ],
    ['is opened when the bot goes on', () => new Life().play(close(ID, T)).play(reopen()), 'bot', []],
    [
      'can be handed over when it was closed',
      () => new Life().play(close(ID, T)).handOver(T + 1),
      'handingOver',
      [],
    ],
  ];
  for (const [title, life, state, told] of rows) {
    it(title, () => {
      const played = life();
      assert.equal(played.state, state);
      assert.deepEqual(played.told, told);
    });
  }

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

  it('counts a stamp of the same hundredth of a second as after the handover: the platform’s stamps end there', () => {
    assert.equal(
      handedOver()
        .acknowledge(T + 2009)
        .customer(T + 2000).state,
      'bot',
    );
    assert.equal(
      handedOver()
        .acknowledge(T + 2010)
        .customer(T + 2000).state,
      'handingOver',
    );
  });

  it('allows the platform’s clock to be ahead', () => {
    const toleranceMs = 5000;
    assert.equal(acknowledged().customer(T + 6990, { toleranceMs }).state, 'handingOver');
    assert.equal(acknowledged().customer(T + 7000, { toleranceMs }).state, 'bot');
  });

  it('keeps the first time at which the handover was taken', () => {
    const { phase } = acknowledged().acknowledge(T + 5000).bot;
    assert.equal(phase.state === 'handingOver' && phase.handover.acknowledgedAt, T + 2000);
  });

  for (const [who, life] of [
    ['is being handed over', handedOver],
    ['is the agent’s', withAgent],
  ] as const) {
    it(`refuses a second handover while it ${who}`, () => {
      const { state, refusals } = life().handOver(T + 9000, 'h2');
      assert.deepEqual([state, refusals], [life().state, 1]);
    });

    it(`refuses to be closed by the bot while it ${who}`, () => {
      const { state, refusals } = life().play(close(ID, T + 9000));
      assert.deepEqual([state, refusals], [life().state, 1]);
    });
  }

  const someEnded = () =>
    handedOver()
      .die(T + 2000)
      .handOver(T + 3000, 'h2');
  const nothing = () => new Life();
  const agents = () => new Life().play(observeUntied({ ...observation(SEEN), isAgents: true }));
  const leftAlone: [title: string, step: () => ConversationUpdate, life: () => Life][] = [
    ['the answer to a handover, where nothing is known', () => handoverDelivered('h1', T), nothing],
    ['the answer to another handover', () => handoverDelivered('other', T), handedOver],
    ['the answer to a handover that has failed', () => handoverDelivered('h1', T), someEnded],
    ['the death of a handover, where nothing is known', () => handoverDied('h1', T, '', SLIP), nothing],
    ['the death of another handover', () => handoverDied('other', T, '', SLIP), handedOver],
    ['the death of a handover that an agent has taken', () => handoverDied('h1', T, '', SLIP), withAgent],
    ['that the bot goes on, where nothing is known', reopen, nothing],
    ['that the bot goes on with what it has not closed', reopen, () => new Life().customer(T)],
    ['that the bot goes on while it is handed over', reopen, handedOver],
    ['that the bot goes on, in an agent’s conversation', reopen, agents],
    ['that the bot was told, where nothing is known', () => told('notice'), nothing],
    ['that the bot was told, in an agent’s conversation', () => told('notice'), agents],
  ];
  for (const [title, step, life] of leftAlone) {
    it(`is not changed by ${title}`, () => {
      assert.deepEqual(step()(life().record), { kind: 'unchanged' });
    });
  }

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

  const steps = fc.array(
    fc.record({
      act: fc.constantFrom('customer', 'agent', 'agentClosed', 'close', 'handOver', 'ack', 'die'),
      skewMs: fc.integer({ min: -3000, max: 3000 }),
    }),
    { maxLength: 60 },
  );

  type Act = { readonly act: string; readonly at: number; readonly now: number; readonly handover: number };
  const acts: Record<string, (life: Life, act: Act) => void> = {
    customer: (life, { at, now }) => life.customer(at, { receivedAt: now }),
    agent: (life, { at, handover }) => life.agent(at, `a${handover}`),
    agentClosed: (life, { at, handover }) => life.agent(at, `a${handover}`, 'agentClosed'),
    close: (life, { now }) => life.play(close(ID, now)),
    handOver: (life, { now, handover }) => life.handOver(now, `h${handover + 1}`),
    ack: (life, { now, handover }) => life.acknowledge(now, `h${handover}`),
    die: (life, { now, handover }) => life.die(now, `h${handover}`),
  };

  it('never opens the gate but by an end of the handover, and tells the bot of each end', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const life = new Life().customer(T);
        let handover = 0;
        for (const [index, { act, skewMs }] of history.entries()) {
          const wasGated = isGated(life.record);
          const told = life.told.length;
          const now = T + (index + 1) * 1000;
          acts[act]?.(life, { act, at: now + skewMs, now, handover });
          if (act === 'handOver' && !wasGated) handover++;
          const isOpened = wasGated && !isGated(life.record);
          const ends = endsAmong(life.told.slice(told));
          assert.equal(ends.length, isOpened ? 1 : 0, `${act}: the gate and the notices disagree`);
        }
        const kept = life.bot.pastHandovers.length + Number(isGated(life.record));
        assert.equal(kept, handover, 'each handover is kept');
      }),
    );
  });
});
