import assert from 'node:assert/strict';
import fc from 'fast-check';
import { observeUntied, tie } from '../../src/delivery/agentConversations';
import {
  type ConversationFact,
  close,
  handoverDelivered,
  handoverDied,
  type Observation,
  observe,
  reopen,
  requestHandover,
  told,
} from '../../src/delivery/conversationLife';
import { emptyBotRecord, emptyUntiedRecord } from '../../src/delivery/conversationRecords';
import { isTold, judgeHandoverSend, judgeTurn } from '../../src/delivery/conversationVerdicts';
import {
  type BotConversationRecord,
  type ConversationRecord,
  isGated,
} from '../../src/store/conversationRecord';
import type { ConversationUpdate, NewInboxEvent } from '../../src/store/deliveryStore';
import { present } from '../support/present';
import { TRACE } from '../support/storeSamples';

const ID = 'conversation';
const AGENT = 'agent-conversation';
const T = Date.UTC(2026, 0, 5, 10, 0, 0);

interface Seen {
  readonly fact: ConversationFact;
  readonly at: number;
  readonly receivedAt?: number;
  readonly toleranceMs?: number;
}

function observation({ fact, at, receivedAt = at, toleranceMs = 0 }: Seen): Observation {
  return {
    conversationId: ID,
    fact,
    sighting: {
      event: 'Event',
      messageId: undefined,
      channel: undefined,
      customParams: {},
      at,
      receivedAt,
    },
    clockToleranceMs: toleranceMs,
    slip: { id: `notice at ${receivedAt}`, at: receivedAt, traceContext: TRACE },
  };
}

/** Plays steps on one record, as a store does. */
class Life {
  record: ConversationRecord | undefined;
  readonly notices: NewInboxEvent[] = [];
  refusals = 0;

  play(update: ConversationUpdate): this {
    const change = update(this.record);
    if (change.kind === 'refused') this.refusals++;
    if (change.kind !== 'changed') return this;
    this.record = change.record;
    this.notices.push(...change.notices);
    return this;
  }

  see(fact: ConversationFact, at: number, more: Partial<Seen> = {}): this {
    return this.play(observe(observation({ fact, at, ...more })));
  }

  customer(at: number, more: Partial<Seen> = {}): this {
    return this.see({ kind: 'customerToBot', isStated: true }, at, more);
  }

  agent(at: number, id = AGENT, kind: 'agentSaid' | 'agentClosed' | 'customerToAgent' = 'agentSaid'): this {
    return this.see({ kind, agentConversationId: id, tiedBy: 'field' }, at);
  }

  handOver(at: number, id = 'h1'): this {
    return this.play(requestHandover(ID, id, at));
  }

  acknowledge(at: number, id = 'h1'): this {
    return this.play(handoverDelivered(id, at));
  }

  die(at: number, id = 'h1'): this {
    return this.play(handoverDied(id, at, 'gone', { id: 'death', at }));
  }

  get bot(): BotConversationRecord {
    assert.equal(this.record?.kind, 'bot');
    if (this.record?.kind !== 'bot') throw new Error('not reached');
    return this.record;
  }

  get state(): string {
    return this.bot.phase.state;
  }

  get told(): unknown[] {
    return this.notices.map(({ payload }) => {
      const { state, message }: { state: string; message: string } = JSON.parse(payload);
      return message === '' ? state : `${state}: ${message}`;
    });
  }
}

const endsAmong = (told: readonly unknown[]) => told.filter((notice) => notice !== 'accepted');
const handedOver = () => new Life().customer(T).handOver(T + 1000);
const acknowledged = () => handedOver().acknowledge(T + 2000);
const withAgent = () => acknowledged().agent(T + 3000);

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

  it('remembers agents’ conversations in the order in which they came, with their times', () => {
    const life = withAgent()
      .agent(T + 2500)
      .agent(T + 4000)
      .agent(T + 6000, 'another');
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

describe('A message to the bot whose turn has come', () => {
  const at = T + 1500;
  const now = T + 4000;
  const verdict = (life: Life, receivedAt = at) =>
    judgeTurn(life.record, { at: receivedAt, receivedAt }, now).kind;

  it('is handled when nothing is known of the conversation, or the bot has it', () => {
    assert.equal(verdict(new Life()), 'run');
    assert.equal(verdict(new Life().customer(T)), 'run');
  });

  it('waits while the handover is on its way', () => {
    assert.deepEqual(judgeTurn(handedOver().record, { at, receivedAt: at }, T + 2000), {
      kind: 'hold',
      notBefore: T + 2500,
    });
  });

  it('waits for a short while at first and never for long', () => {
    const holdAfter = (waitedMs: number) => {
      const held = judgeTurn(handedOver().record, { at, receivedAt: at }, T + 1000 + waitedMs);
      assert.equal(held.kind, 'hold');
      return held.kind === 'hold' && held.notBefore - (T + 1000 + waitedMs);
    };
    assert.deepEqual([0, 1000, 60_000, 3_600_000].map(holdAfter), [50, 500, 5000, 5000]);
  });

  it('is only seen once the handover was taken', () => {
    assert.equal(verdict(acknowledged()), 'mirror');
    assert.equal(verdict(withAgent()), 'mirror');
    assert.equal(verdict(handedOver().agent(T + 2000)), 'mirror');
  });

  for (const [title, life] of [
    ['has died', () => handedOver().die(T + 2000)],
    ['was answered by no agent', () => acknowledged().customer(T + 3000)],
  ] as const) {
    it(`is handled when the handover ${title}, after the bot was told so`, () => {
      const failed = life();
      const judged = judgeTurn(failed.record, { at, receivedAt: at }, now);
      const stored = present(failed.notices.at(-1));
      // It is told in the turn of the message, and so in that one's trace.
      assert.deepEqual(judged, { kind: 'runAfter', notice: { ...stored, traceContext: undefined } });
      const { id } = stored;
      assert.equal(isTold(failed.record, id), false);
      failed.play(told(id));
      assert.equal(isTold(failed.record, id), true);
      assert.equal(isTold(failed.record, 'another'), false);
      assert.equal(verdict(failed), 'run');
      assert.equal(verdict(life(), T + 9000), 'run', 'one that came later');
      assert.equal(
        verdict(life(), T + 9000),
        'run',
        'one that came later, and the bot will be told before it',
      );
    });
  }

  it('is only seen when the agent has come and gone in the meantime', () => {
    const life = withAgent().customer(T + 3500);
    assert.equal(verdict(life, T + 1500), 'mirror');
    assert.equal(verdict(life, T + 3500), 'run', 'the message that has ended the handover');
    assert.equal(verdict(life, T + 500), 'run', 'one from before, replayed by an operator');
  });

  it('opens a conversation that the bot has closed after it came', () => {
    assert.equal(verdict(new Life().play(close(ID, T))), 'reopen');
  });

  it('is handled in an agent’s conversation’s own lane', () => {
    assert.equal(judgeTurn(emptyUntiedRecord(AGENT, T), { at, receivedAt: at }, now).kind, 'run');
  });
});

describe('A handover that is to be sent', () => {
  const withAnswerLost = () => handedOver().agent(T + 1500);
  const rows: [title: string, life: () => Life, handover: string, copy: string][] = [
    ['is sent while the conversation is handed over', handedOver, 'send', 'send'],
    ['has arrived when an agent has spoken', withAnswerLost, 'delivered', 'send'],
    [
      'had arrived when an agent has come and gone',
      () => withAnswerLost().customer(T + 9000),
      'delivered',
      'withdrawn',
    ],
    ['is withdrawn when it was given up', () => handedOver().die(T + 2000), 'withdrawn', 'withdrawn'],
    [
      'is withdrawn when another is under way',
      () =>
        handedOver()
          .die(T + 2000)
          .handOver(T + 3000, 'h2'),
      'withdrawn',
      'withdrawn',
    ],
    ['is sent where nothing is known', () => new Life(), 'send', 'send'],
  ];
  for (const [title, life, handover, copy] of rows) {
    it(title, () => {
      const { record } = life();
      assert.equal(judgeHandoverSend(record, 'h1', 'handover'), handover);
      assert.equal(judgeHandoverSend(record, 'h1', 'handoverCopy'), copy, 'what another is told');
    });
  }
});

describe('A message around the end of a handover', () => {
  it('is judged by when it was written, whichever of two was stored first', () => {
    const life = withAgent().customer(T + 5010, { receivedAt: T + 5020 });
    const written = (at: number) => judgeTurn(life.record, { at, receivedAt: T + 5015 }, now).kind;
    const now = T + 6000;
    assert.equal(written(T + 5000), 'run');
    assert.equal(written(T + 1500), 'mirror');
  });

  it('has crossed it when it bears the very stamp of the agent’s first message, but for the one that ended it', () => {
    const life = handedOver()
      .agent(T + 1500)
      .customer(T + 9000);
    const judged = (receivedAt: number) =>
      judgeTurn(life.record, { at: T + 1500, receivedAt }, T + 9500).kind;
    assert.equal(judged(T + 1501), 'mirror');
    assert.equal(judged(T + 9000), 'run');
  });

  it('ends it although the answer to the handover came after what the agent said', () => {
    const life = handedOver()
      .agent(T + 1500)
      .acknowledge(T + 60_000);
    assert.equal(life.customer(T + 2500, { receivedAt: T + 61_000 }).state, 'bot');
  });

  it('allows the platform’s clock to be behind', () => {
    const early = {
      fact: { kind: 'agentSaid', agentConversationId: AGENT, tiedBy: 'field' },
      at: T - 1000,
    } as const;
    assert.equal(acknowledged().play(observe(observation(early))).state, 'handingOver');
    assert.equal(acknowledged().play(observe(observation({ ...early, toleranceMs: 2000 }))).state, 'agent');
  });
});

describe('An agent’s conversation that nothing ties', () => {
  const seen = { ...observation({ fact: { kind: 'other' }, at: T }), conversationId: AGENT };

  it('is kept with the time of the agent’s first message', () => {
    const life = new Life()
      .play(observeUntied({ ...seen, isAgents: false }))
      .play(observeUntied({ ...seen, sighting: { ...seen.sighting, at: T + 5 }, isAgents: true }))
      .play(observeUntied({ ...seen, sighting: { ...seen.sighting, at: T + 9 }, isAgents: true }));
    assert.equal(life.record?.kind, 'untied');
    assert.equal(life.record?.kind === 'untied' && life.record.firstAgentMessageAt, T + 5);
    assert.deepEqual([life.record?.firstSeenAt, life.record?.lastSeenAt], [T, T + 9]);
  });

  it('is refused when it is tied, or the bot’s, by now', () => {
    const update = observeUntied({ ...seen, isAgents: true });
    const tied = {
      kind: 'tied',
      conversationId: AGENT,
      firstSeenAt: T,
      lastSeenAt: T,
      botConversationId: ID,
      tiedBy: 'operator',
    } as const;
    assert.deepEqual(update(tied), { kind: 'refused' });
    assert.deepEqual(update(emptyBotRecord(AGENT, T)), { kind: 'refused' });
  });

  it('is not taken for the bot’s by an event that does not say so', () => {
    const fact = { kind: 'customerToBot', isStated: false } as const;
    const life = new Life().play(observeUntied({ ...seen, isAgents: true }));
    life.see(fact, T + 5).see({ kind: 'other' }, T + 6);
    assert.deepEqual([life.record?.kind, life.refusals], ['untied', 2]);
  });

  it('is no place for the bot to speak, to hand over or to close', () => {
    const { record } = new Life().play(observeUntied({ ...seen, isAgents: true }));
    assert.equal(isGated(record), true);
    assert.deepEqual(requestHandover(AGENT, 'h', T)(record), { kind: 'refused' });
    assert.deepEqual(close(AGENT, T)(record), { kind: 'refused' });
  });

  it('becomes the bot’s with what was seen when the platform says so', () => {
    const life = new Life().play(observeUntied({ ...seen, isAgents: true }));
    life.play(
      observe({
        ...observation({ fact: { kind: 'customerToBot', isStated: true }, at: T + 5 }),
        conversationId: AGENT,
      }),
    );
    assert.deepEqual(life.bot.agentConversations, [
      { id: AGENT, tiedBy: 'sameId', firstSeenAt: T, lastSeenAt: T },
    ]);
    assert.equal(life.bot.lastEvents.length, 2);
  });
});

describe('A tie', () => {
  const request = {
    agentConversationId: AGENT,
    botConversationId: ID,
    tiedBy: 'operator',
    at: T + 60_000,
    slip: { id: 'notice', at: T + 60_000 },
  } as const;
  const untied = (firstAgentMessageAt?: number): ConversationRecord => ({
    ...emptyUntiedRecord(AGENT, T + 3000),
    lastSeenAt: T + 4000,
    firstAgentMessageAt,
  });

  it('makes the agent’s conversation part of the bot’s', () => {
    const change = tie(request)(untied(), acknowledged().record);
    assert.equal(change.kind, 'tied');
    if (change.kind !== 'tied') return;
    assert.deepEqual(change.agent, {
      kind: 'tied',
      conversationId: AGENT,
      firstSeenAt: T + 3000,
      lastSeenAt: T + 4000,
      botConversationId: ID,
      tiedBy: 'operator',
    });
    assert.deepEqual(change.bot.kind === 'bot' && change.bot.agentConversations, [
      { id: AGENT, tiedBy: 'operator', firstSeenAt: T + 3000, lastSeenAt: T + 4000 },
    ]);
    assert.deepEqual(change.notices, [], 'no agent has spoken in it');
  });

  it('accepts the handover when an agent has spoken in it since', () => {
    const change = tie(request)(untied(T + 3500), acknowledged().record);
    assert.equal(change.kind === 'tied' && change.bot.kind === 'bot' && change.bot.phase.state, 'agent');
    assert.equal(change.kind === 'tied' && change.notices.length, 1);
  });

  it('leaves a handover alone that came after the agent has spoken', () => {
    const change = tie(request)(untied(T + 500), acknowledged().record);
    assert.equal(
      change.kind === 'tied' && change.bot.kind === 'bot' && change.bot.phase.state,
      'handingOver',
    );
  });

  it('can be made again', () => {
    const first = tie(request)(untied(T + 3500), acknowledged().record);
    assert.equal(first.kind, 'tied');
    if (first.kind !== 'tied') return;
    const again = tie(request)(first.agent, first.bot);
    assert.deepEqual(again.kind === 'tied' && [again.bot, again.notices], [first.bot, []]);
  });

  const other = { ...request, botConversationId: 'other', tiedBy: 'field' } as const;
  const refusals: [string, () => unknown][] = [
    ['of what is the bot’s own', () => tie(request)(emptyBotRecord(AGENT, T), acknowledged().record)],
    [
      'of what the platform has called the bot’s own, by a field',
      () => tie({ ...request, tiedBy: 'field' })(new Life().customer(T).record, acknowledged().record),
    ],
    [
      'of what belongs to another',
      () => {
        const first = tie(request)(untied(), acknowledged().record);
        return tie(other)(first.kind === 'tied' ? first.agent : undefined, undefined);
      },
    ],
    ['of what is not known, by an operator', () => tie(request)(undefined, acknowledged().record)],
    ['to what is not known, by an operator', () => tie(request)(untied(), undefined)],
    ['to what is no conversation of the bot, by an operator', () => tie(request)(untied(), untied())],
  ];
  for (const [title, attempt] of refusals) {
    it(`is refused ${title}`, () => assert.deepEqual(attempt(), { kind: 'refused' }));
  }

  it('is made by a field of what only looked like the bot’s own', () => {
    const change = tie({ ...request, tiedBy: 'field' })(emptyBotRecord(AGENT, T), acknowledged().record);
    assert.equal(change.kind === 'tied' && change.agent.kind, 'tied');
  });

  it('is made by a field before anything else is known', () => {
    const change = tie({ ...request, tiedBy: 'field' })(undefined, undefined);
    assert.equal(change.kind, 'tied');
    assert.equal(change.kind === 'tied' && change.bot.kind, 'bot');
  });
});
