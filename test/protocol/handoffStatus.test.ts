import assert from 'node:assert/strict';
import { type Activity, EventFactory, HandoffEventNames } from 'botbuilder';
import { HANDOFF_INITIATE, HANDOFF_STATUS, type HandoffStatusValue } from '../../src/protocol/eventNames';
import { handoffStatusActivity } from '../../src/protocol/handoffStatus';
import { RECEIVED_AT } from '../support/decoding';

const STAMP = { eventId: 'EVENT-1', receivedAt: RECEIVED_AT, botId: 'bot' };

function factoryMade(state: string, message: string): Partial<Activity> {
  const conversation = { id: 'CONV-1', name: '', isGroup: false, conversationType: 'personal' };
  return EventFactory.createHandoffStatus(conversation, state, message);
}

describe('handoffStatusActivity', () => {
  const values: HandoffStatusValue[] = [
    { handoverId: 'H-1', state: 'accepted', message: '', agentConversationId: 'AGENT-1' },
    { handoverId: 'H-1', state: 'completed', message: '' },
    { handoverId: 'H-1', state: 'failed', message: 'the webhook answered 400' },
  ];
  for (const value of values) {
    it(`is what botbuilder makes of '${value.state}', with an address and more to say`, () => {
      assert.deepEqual(handoffStatusActivity('CONV-1', value, STAMP), {
        ...factoryMade(value.state, value.message),
        id: 'EVENT-1',
        timestamp: new Date(RECEIVED_AT),
        localTimezone: 'UTC',
        value,
        channelId: 'webexconnect',
        serviceUrl: 'https://webexconnect.io/',
        from: { id: 'CONV-1', name: '', role: 'user' },
        recipient: { id: 'bot', name: '', role: 'bot' },
      });
    });

    it(`holds all that botbuilder's value of '${value.state}' holds`, () => {
      const made: unknown = factoryMade(value.state, value.message).value;
      const { state, message } = value;
      assert.deepEqual({ state, message }, made);
    });
  }
});

describe('the names of hand-off events', () => {
  it("are botbuilder's", () => {
    assert.equal(HANDOFF_INITIATE, HandoffEventNames.InitiateHandoff);
    assert.equal(HANDOFF_STATUS, HandoffEventNames.HandoffStatus);
  });
});
