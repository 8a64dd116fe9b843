import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Activity, ResourceResponse, TurnContext } from 'botbuilder';
import {
  AgentMirrorMiddleware,
  ConversationTracker,
  type JsonObject,
  type Logger,
  WebexConnectAdapter,
  type WebexConnectAdapterOptions,
} from '../../../src';
import {
  incomingMessage,
  type MockWebexConnect,
  mockWebexConnect,
  TEST_CONVERSATION_ID,
} from '../../../src/testing';
import type { BotEvent } from '../../../src/testing/mockWebexConnect';
import { present } from '../../support/present';
import { RecordingLogger } from '../../support/recordingLogger';

type Sent = string | Partial<Activity>;

/** A whole adapter, for what the docs say of an event or an activity. */
export class LiveBot {
  readonly webex: MockWebexConnect = mockWebexConnect({
    // Each bot's own, for a test may have several at a time.
    webhookUrl: `https://webexconnect.test/hooks/${randomUUID()}`,
  });
  readonly log = new RecordingLogger();
  readonly heard: Activity[] = [];
  readonly adapter: WebexConnectAdapter;

  constructor(options: Partial<WebexConnectAdapterOptions> = {}) {
    const logger: Logger = this.log;
    this.adapter = new WebexConnectAdapter({ webhookUrl: this.webex.webhookUrl, logger, ...options });
    this.adapter.use(new ConversationTracker(), new AgentMirrorMiddleware());
  }

  /** What the bot hears last of an event. */
  async hears(event: JsonObject): Promise<Activity> {
    const { status } = await this.webex.send(
      this.adapter,
      event,
      async ({ activity }) => void this.heard.push(activity),
    );
    assert.equal(status, 200);
    await this.adapter.whenIdle();
    return present(this.heard.at(-1));
  }

  /** Runs a turn of the bot, for a message of the customer's. */
  async runs(logic: (context: TurnContext) => Promise<unknown>): Promise<void> {
    const turn = async (context: TurnContext) => {
      if (context.activity.type === 'message') await logic(context);
      else this.heard.push(context.activity);
    };
    await this.webex.send(this.adapter, incomingMessage({ text: 'hi', timestamp: Date.now() }), turn);
    await this.adapter.whenIdle();
  }

  /** What goes over the wire of what the bot sends. */
  async sends(...activities: Sent[]): Promise<BotEvent[]> {
    const before = this.webex.events.length;
    await this.runs((context) => context.sendActivities(activities.map(toActivity)));
    return this.webex.events.slice(before);
  }

  /** The responses that the bot is given. */
  async responses(...activities: Sent[]): Promise<ResourceResponse[]> {
    let responses: ResourceResponse[] = [];
    await this.runs(async (context) => {
      responses = await context.sendActivities(activities.map(toActivity));
    });
    return responses;
  }

  state(): Promise<string> {
    return this.adapter.conversations.state(TEST_CONVERSATION_ID);
  }

  async end(): Promise<void> {
    await this.adapter.stop();
    this.webex.restore();
  }
}

function toActivity(sent: Sent): Partial<Activity> {
  return typeof sent === 'string' ? { type: 'message', text: sent } : sent;
}
