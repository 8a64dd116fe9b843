import type { TurnContext } from 'botbuilder';
import {
  type ConversationRecord,
  type DeliveryFailedValue,
  type HandoffStatusValue,
  type HealthEvent,
  type HistoryEntry,
  handover,
  type InboundEvent,
  type MessageDeliveryEvent,
  WebexConnectActivityHandler,
  type WebexConnectErrorCode,
  type WebexConnectHandedOverError,
} from 'botbuilder-adapter-webex-connect';
import { describe, expect, test } from 'tstyche';

describe('A discriminated union', () => {
  test('of events is narrowed to types that can be named', () => {
    const event = {} as InboundEvent;
    if (event.kind === 'messageDelivery') expect(event).type.toBe<MessageDeliveryEvent>();
    if (event.kind === 'postback') expect(event.postbackPayload).type.toBe<string>();
    expect(event).type.not.toHaveProperty('postbackPayload');
  });

  test('of conversations leaves no phase to one that is with an agent', () => {
    const record = {} as ConversationRecord;
    expect(record).type.not.toHaveProperty('phase');
    if (record.kind !== 'bot') return;
    expect(record.phase.state).type.toBe<'bot' | 'handingOver' | 'agent' | 'closed'>();
  });

  test('of what happened tells why an attempt failed', () => {
    const entry = {} as HistoryEntry;
    if (entry.kind !== 'sendAttempt') return;
    expect(entry).type.not.toHaveProperty('reason');
    if (entry.outcome === 'dead') expect(entry.reason).type.toBe<string>();
  });

  test('of health knows what fails', () => {
    const event = {} as HealthEvent;
    if (event.subject === 'platform') expect(event.failures).type.toBe<number>();
  });
});

describe('A handler', () => {
  test('is chained, with those of botbuilder and of Webex Connect', () => {
    const bot = new WebexConnectActivityHandler();
    expect(bot.onPostback(async () => {})).type.toBe<WebexConnectActivityHandler>();
    expect(bot.onMessage(async () => {})).type.toBeAssignableTo<WebexConnectActivityHandler>();
    expect(bot.onHandoffStatus).type.not.toBeCallableWith();
  });

  test('reads a value that the package has a type for', () => {
    expect<HandoffStatusValue['state']>().type.toBe<'accepted' | 'completed' | 'failed'>();
    expect<DeliveryFailedValue>().type.toHaveProperty('deadLetterId');
  });

  test('hands over what JSON can carry', () => {
    const context = {} as TurnContext;
    expect(handover).type.toBeCallableWith(context);
    expect(handover).type.toBeCallableWith(context, { topic: 'billing' });
    expect(handover).type.not.toBeCallableWith(context, 'billing');
  });
});

test('an error has a code that can be switched on', () => {
  const error = {} as WebexConnectHandedOverError;
  expect(error.code).type.toBeAssignableTo<WebexConnectErrorCode>();
  expect<WebexConnectErrorCode>().type.not.toBeAssignableFrom<'WEBEX_CONNECT_UNKNOWN'>();
});
