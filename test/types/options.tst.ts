import {
  type CcspBridge,
  ConversationTracker,
  HandoverMiddleware,
  HttpCcspBridge,
  MemoryStore,
  WebexConnectAdapter,
  type WebexConnectAdapterOptions,
  WebexConnectBridge,
} from 'botbuilder-adapter-webex-connect';
import { PostgresStore } from 'botbuilder-adapter-webex-connect/postgres';
import { SqliteStore } from 'botbuilder-adapter-webex-connect/sqlite';
import { describe, expect, test } from 'tstyche';

const webhookUrl = 'https://hooks.example.com/events/ABC123';

describe('The adapter', () => {
  test('needs the webhook alone', () => {
    expect(WebexConnectAdapter).type.toBeConstructableWith({ webhookUrl });
    // @ts-expect-error Expected 1 arguments
    new WebexConnectAdapter();
    // @ts-expect-error Property 'webhookUrl' is missing
    new WebexConnectAdapter({});
  });

  test('takes a variable that may be unset, with exactOptionalPropertyTypes', () => {
    expect<WebexConnectAdapterOptions>().type.toBeAssignableFrom<{
      webhookUrl: string;
      verification: { token: string | undefined };
      authentication: { accessToken: string | undefined };
    }>();
  });

  test('takes each of the stores', () => {
    new WebexConnectAdapter({ webhookUrl, store: new MemoryStore() });
    new WebexConnectAdapter({ webhookUrl, store: new SqliteStore('bot.db') });
    new WebexConnectAdapter({ webhookUrl, store: new PostgresStore('postgres://localhost/bot') });
  });

  test('takes console for its log', () => {
    new WebexConnectAdapter({ webhookUrl, logger: console });
  });

  test('refuses what is no option, at each level', () => {
    // @ts-expect-error 'webHookUrl' does not exist
    new WebexConnectAdapter({ webhookUrl, webHookUrl: webhookUrl });
    // @ts-expect-error 'timeout' does not exist
    new WebexConnectAdapter({ webhookUrl, outbound: { timeout: 1000 } });
  });

  test('refuses values of another kind', () => {
    // @ts-expect-error Type 'string' is not assignable to type 'number'
    new WebexConnectAdapter({ webhookUrl, outbound: { timeoutMs: '1s' } });
    // @ts-expect-error Type 'Map<any, any>' is missing the following properties from type 'DeliveryStore'
    new WebexConnectAdapter({ webhookUrl, store: new Map() });
  });

  test('tells of its health, and of nothing else', () => {
    const adapter = new WebexConnectAdapter({ webhookUrl });
    adapter.on('health', (event) => {
      if (event.subject === 'store') return;
      expect(event.message).type.toBe<string>();
    });
    // @ts-expect-error '"helth"' is not assignable
    adapter.on('helth', () => {});
  });
});

describe('A store', () => {
  test('needs to know where', () => {
    // @ts-expect-error Expected 1-2 arguments
    new SqliteStore();
    // @ts-expect-error Expected 1-2 arguments
    new PostgresStore();
  });
});

describe('HandoverMiddleware', () => {
  test('goes to the webhook, to a contact centre, or to several', () => {
    const http = new HttpCcspBridge({ url: 'https://ccsp.example.com/handover', secret: 'a secret' });
    // @ts-expect-error Property 'secret' is missing
    new HttpCcspBridge({ url: 'https://ccsp.example.com/handover' });
    expect(HandoverMiddleware).type.toBeConstructableWith();
    expect(HandoverMiddleware).type.toBeConstructableWith({ bridge: http });
    expect(HandoverMiddleware).type.toBeConstructableWith({ bridge: [new WebexConnectBridge(), http] });
  });

  test('takes a bridge of your own', () => {
    const own: CcspBridge = {
      destination: 'webhook',
      compose: ({ transcript }, { hourClock }) => ({ lines: transcript.length, hourClock }),
    };
    expect(HandoverMiddleware).type.toBeConstructableWith({ bridge: own });
  });

  test('refuses what is no bridge', () => {
    // @ts-expect-error is not assignable to type 'CcspBridge | CcspBridge[] | undefined'
    new HandoverMiddleware({ bridge: { compose: () => ({}) } });
    // @ts-expect-error Type 'string' is not assignable
    new HandoverMiddleware({ bridge: 'webhook' });
    // @ts-expect-error '"wait"' is not assignable
    new HandoverMiddleware({ whileAgentHasIt: 'wait' });
  });

  test('is used together with the others', () => {
    const adapter = new WebexConnectAdapter({ webhookUrl });
    expect(adapter.use(new ConversationTracker(), new HandoverMiddleware())).type.toBe<WebexConnectAdapter>();
  });
});
