import { WebexConnectAdapter } from 'botbuilder-adapter-webex-connect';
import {
  assertReplies,
  incomingMessage,
  ManualClock,
  mockWebexConnect,
} from 'botbuilder-adapter-webex-connect/testing';
import { describe, expect, test } from 'tstyche';
import { createEmulator, type Emulator } from 'webex-connect-emulator';

describe('The test kit', () => {
  test('fits the adapter', () => {
    const clock = new ManualClock();
    const webexConnect = mockWebexConnect({ clock });
    const adapter = new WebexConnectAdapter({ webhookUrl: webexConnect.webhookUrl, clock });
    expect(webexConnect.send).type.toBeCallableWith(adapter, incomingMessage('hi'), async () => {});
    expect(assertReplies).type.toBeCallableWith(webexConnect, ['hi']);
  });

  test('refuses fields that no event has', () => {
    // @ts-expect-error 'Txt' does not exist
    incomingMessage({ Txt: 'hi' });
  });
});

describe('The emulator', () => {
  test('has customers on channels that the platform names', () => {
    expect(createEmulator()).type.toBe<Promise<Emulator>>();
    const emulator = {} as Emulator;
    emulator.customer('Ann', 'WHATSAPP');
    // @ts-expect-error '"FAX"' is not assignable
    emulator.customer('Ann', 'FAX');
  });

  test('shares its clock with the adapter', () => {
    const clock = new ManualClock();
    createEmulator({ clock });
  });
});
