import assert from 'node:assert/strict';
import { observeUntied, tie } from '../../src/delivery/agentConversations';
import { close, observe, requestHandover } from '../../src/delivery/conversationLife';
import { emptyBotRecord, emptyUntiedRecord } from '../../src/delivery/conversationRecords';
import { type ConversationRecord, isGated } from '../../src/store/conversationRecord';
import { AGENT, acknowledged, ID, Life, observation, T } from './support/conversationLives';

const TIE = {
  agentConversationId: AGENT,
  botConversationId: ID,
  tiedBy: 'operator',
  at: T + 60_000,
  slip: { id: 'notice', at: T + 60_000 },
} as const;

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

  it('is proven the bot’s by an agent’s conversation of the same ID, and by no other tie', () => {
    const fact = { kind: 'agentSaid', agentConversationId: AGENT } as const;
    const known = () => new Life().play(observeUntied({ ...seen, isAgents: true }));
    const byField = known().see({ ...fact, tiedBy: 'field' }, T + 5);
    assert.deepEqual([byField.record?.kind, byField.refusals], ['untied', 1]);
    assert.equal(known().see({ ...fact, tiedBy: 'sameId' }, T + 5).record?.kind, 'bot');
  });

  it('that is tied by now is no conversation to note an event in', () => {
    const tied = tie(TIE)(emptyUntiedRecord(AGENT, T), acknowledged().record);
    assert.equal(tied.kind, 'tied');
    const update = observe(observation({ fact: { kind: 'customerToBot', isStated: true }, at: T }));
    assert.deepEqual(tied.kind === 'tied' && update(tied.agent), { kind: 'refused' });
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
  const request = TIE;
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

  it('leaves the conversation with the bot that asks for no agent', () => {
    const change = tie(request)(untied(T + 3500), new Life().customer(T).record);
    assert.equal(change.kind === 'tied' && change.bot.kind === 'bot' && change.bot.phase.state, 'bot');
    assert.deepEqual(change.kind === 'tied' && change.notices, []);
  });

  it('counts the agent’s conversation in where another agent has the customer, so that its end ends it', () => {
    const life = acknowledged().agent(T + 3000, 'first');
    const change = tie(request)(untied(T + 3500), life.record);
    assert.equal(change.kind, 'tied');
    if (change.kind !== 'tied') return;
    assert.deepEqual(change.notices, [], 'the bot was told of the first');
    life.record = change.bot;
    assert.equal(life.agent(T + 9000, AGENT, 'agentClosed').state, 'bot');
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
