import assert from 'node:assert/strict';
import { observeUntied } from '../../src/delivery/agentConversations';
import { close, handoverDelivered, handoverDied, reopen, told } from '../../src/delivery/conversationLife';
import type { ConversationUpdate } from '../../src/store/deliveryStore';
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

  describe('when a message is of the hundredth of a second in which the handover was taken: the platform’s stamps end there', () => {
    const taken = (at: number) => handedOver().acknowledge(at);

    it('takes it for one that crossed the handover', () => {
      assert.equal(taken(T + 2000).customer(T + 2000).state, 'handingOver');
      assert.equal(taken(T + 2009).customer(T + 2000).state, 'handingOver');
      assert.equal(taken(T + 2000).customer(T + 2009).state, 'handingOver');
      assert.equal(taken(T + 2009).customer(T + 2010).state, 'bot');
    });

    it('takes it for the customer’s return if an agent has spoken by then', () => {
      const served = taken(T + 2005).agent(T + 2000);
      assert.equal(served.customer(T + 2000).state, 'bot');
    });

    it('takes it for one that crossed the handover if an agent has spoken only since', () => {
      const served = taken(T + 2000).agent(T + 2010);
      assert.equal(served.customer(T + 2000).state, 'agent');
      assert.equal(served.customer(T + 2010).state, 'bot');
    });
  });

  it('allows the platform’s clock to be ahead', () => {
    const toleranceMs = 5000;
    assert.equal(acknowledged().customer(T + 7000, { toleranceMs }).state, 'handingOver');
    assert.equal(acknowledged().customer(T + 7010, { toleranceMs }).state, 'bot');
    const served = () => acknowledged().agent(T + 2000);
    assert.equal(served().customer(T + 6990, { toleranceMs }).state, 'agent');
    assert.equal(served().customer(T + 7000, { toleranceMs }).state, 'bot');
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
});
