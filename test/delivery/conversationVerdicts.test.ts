import assert from 'node:assert/strict';
import { close, observe, told } from '../../src/delivery/conversationLife';
import { emptyUntiedRecord } from '../../src/delivery/conversationRecords';
import { isTold, judgeHandoverSend, judgeTurn } from '../../src/delivery/conversationVerdicts';
import { present } from '../support/present';
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

  it('is only seen when it came at the very start or end of what the agent had', () => {
    const life = withAgent().customer(T + 3500);
    const judged = (receivedAt: number) => judgeTurn(life.record, { at: T + 900, receivedAt }, now).kind;
    assert.deepEqual([T + 999, T + 1000, T + 3500, T + 3501].map(judged), ['run', 'mirror', 'mirror', 'run']);
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
    [
      'had arrived, although one before it had not',
      () =>
        new Life()
          .handOver(T, 'h0')
          .die(T + 500, 'h0')
          .handOver(T + 1000)
          .agent(T + 1500)
          .customer(T + 9000),
      'delivered',
      'withdrawn',
    ],
    ['is withdrawn when it is of none that is known', () => new Life().customer(T), 'withdrawn', 'withdrawn'],
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

  it('has crossed it as long as the platform’s clock may be ahead', () => {
    const life = withAgent().customer(T + 9000);
    const judged = (at: number) => judgeTurn(life.record, { at, receivedAt: T + 4000 }, T + 9500, 5000).kind;
    assert.equal(judged(T + 7000), 'mirror');
    assert.equal(judged(T + 7010), 'run');
  });

  it('came after it when an agent had spoken before, whenever the handover was answered', () => {
    const seen = () =>
      handedOver()
        .customer(T + 2500)
        .agent(T + 1500);
    for (const life of [seen(), seen().acknowledge(T + 60_000)]) {
      life.customer(T + 61_000);
      const message = { at: T + 2500, receivedAt: T + 2500 };
      assert.equal(judgeTurn(life.record, message, T + 62_000).kind, 'run');
    }
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

describe('What the bot has heard', () => {
  it('is nothing where nothing is known, and in an agent’s conversation', () => {
    assert.equal(isTold(undefined, 'death'), false);
    assert.equal(isTold(emptyUntiedRecord(AGENT, T), 'death'), false);
  });

  it('is one notice of several', () => {
    const life = handedOver()
      .die(T + 2000)
      .play(told('death'))
      .handOver(T + 3000, 'h2')
      .acknowledge(T + 4000, 'h2')
      .customer(T + 5000);
    const [, second] = life.bot.pastHandovers;
    assert.equal(isTold(life.record, 'death'), true);
    assert.equal(isTold(life.record, present(second).noticeId), false);
  });
});
