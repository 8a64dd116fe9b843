import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type Activity, EventFactory, MessageFactory, type Middleware, type TurnContext } from 'botbuilder';
import {
  AgentMirrorMiddleware,
  type AgentMirrorMiddlewareOptions,
  ConversationTracker,
  type DeliveryStore,
  HandoverMiddleware,
  type HandoverMiddlewareOptions,
  WebexConnectAdapter,
  type WebexConnectAdapterOptions,
} from '../../src';
import { encodeEvent } from '../../src/protocol/encodeEvent';
import { postTo } from './botHost';
import { portOf } from './fakeWebhook';
import { type ScriptedPost, ScriptedWebhook } from './scriptedWebhook';

/** What a scene is made of. */
export interface SceneParts {
  /** One per replica; all on the same data. */
  readonly stores: readonly DeliveryStore[];
  readonly adapter?: Partial<WebexConnectAdapterOptions>;
  readonly handover?: HandoverMiddlewareOptions;
  readonly mirror?: AgentMirrorMiddlewareOptions;
  /** Added before this package's own. */
  readonly middleware?: readonly Middleware[];
  /** Instead of {@link serviceDesk}. */
  readonly logic?: (context: TurnContext) => Promise<void>;
}

interface Replica {
  readonly adapter: WebexConnectAdapter;
  readonly server: Server;
  readonly url: string;
}

/** Answers `Echo: …`; hands over, between two messages, at the word `agent`. */
export async function serviceDesk(context: TurnContext): Promise<void> {
  const { type, text, name } = context.activity;
  if (type === 'message' && text === 'agent') {
    await context.sendActivities([
      MessageFactory.text('one moment'),
      EventFactory.createHandoffInitiation(context, { topic: 'billing' }),
      MessageFactory.text('never shown'),
    ]);
    return;
  }
  if (type === 'message') await context.sendActivity(`Echo: ${text}`);
  if (type === 'event') await context.sendActivity(`On ${name}`);
}

/**
 * A bot that hands over, on one replica or several, with Webex Connect and its customers played by the test. Requests
 * go to the replicas in turn.
 */
export class Scene {
  readonly webhook: ScriptedWebhook;
  /** What the bot saw, in order, over all replicas. */
  readonly seen: Partial<Activity>[] = [];
  readonly replicas: Replica[] = [];
  #posts = 0;

  private constructor(webhook: ScriptedWebhook) {
    this.webhook = webhook;
  }

  static async open(parts: SceneParts): Promise<Scene> {
    const scene = new Scene(await ScriptedWebhook.listen());
    for (const store of parts.stores) scene.replicas.push(await scene.#replica(store, parts));
    return scene;
  }

  async #replica(store: DeliveryStore, parts: SceneParts): Promise<Replica> {
    const { logic = serviceDesk } = parts;
    const adapter = new WebexConnectAdapter({
      webhookUrl: this.webhook.url,
      store,
      verification: { token: 'token' },
      pollMs: 50,
      ...parts.adapter,
    });
    adapter.use(
      ...(parts.middleware ?? []),
      new ConversationTracker(),
      new HandoverMiddleware(parts.handover),
      new AgentMirrorMiddleware(parts.mirror),
    );
    const run = async (context: TurnContext) => {
      this.seen.push({ ...context.activity });
      await logic(context);
    };
    await adapter.start(run);
    const server = createServer((request, response) => void adapter.process(request, response, run));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { adapter, server, url: `http://127.0.0.1:${portOf(server)}/` };
  }

  get adapter(): WebexConnectAdapter {
    const [first] = this.replicas;
    if (first === undefined) throw new Error('The scene has no replica.');
    return first.adapter;
  }

  /** A stamp of now, as the platform writes it. */
  stamp(): number {
    return Math.floor(Date.now() / 10) * 10;
  }

  /**
   * Resolves in the hundredth of a second after the one in which the contact centre took the conversation: what is
   * written within it counts as written before.
   */
  async whenHandedOver(conversationId = 'C1'): Promise<void> {
    await eventually('the handover is taken', async () => {
      const record = await this.adapter.conversations.get(conversationId);
      if (record?.phase.state !== 'handingOver') return false;
      const { acknowledgedAt } = record.phase.handover;
      return acknowledgedAt !== undefined && this.stamp() > acknowledgedAt;
    });
  }

  /** POSTs one event to the next replica; the platform would take anything but 200 for a failure. */
  async post(event: object): Promise<void> {
    const replica = this.replicas[this.#posts++ % this.replicas.length];
    const { status } = await postTo(replica?.url ?? '', event);
    if (status !== 200) throw new Error(`The bot answered ${status}.`);
  }

  /** The customer writes; the platform takes it for a message to the bot. */
  customer(text: string, conversationId = 'C1', timestamp = this.stamp()): Promise<void> {
    return this.post(
      encodeEvent(
        {
          kind: 'message',
          conversationId,
          conversationType: 'BOT',
          eventName: 'Incoming message',
          channel: 'SMS',
          messageId: `${conversationId} ${text}`,
          timestamp,
          text,
          messageType: 'TEXT',
          media: [],
        },
        'BotConversationid',
      ),
    );
  }

  /** Somebody writes in the conversation with the agent; the platform shows it to the bot. */
  mirrored(
    text: string,
    { author = 'agent', agentId = 'A1', tiedTo, timestamp }: Mirrored = {},
  ): Promise<void> {
    return this.post(
      encodeEvent(
        {
          kind: 'mirroredMessage',
          conversationId: agentId,
          conversationType: 'AGENT',
          eventName: author === 'agent' ? 'Agent message' : 'Incoming message',
          channel: 'SMS',
          messageId: `${agentId} ${text}`,
          timestamp: timestamp ?? this.stamp(),
          author,
          agentConversationId: agentId,
          tie: tiedTo === undefined ? undefined : { by: 'field', botConversationId: tiedTo },
          crossedHandover: false,
          text,
          messageType: 'TEXT',
          media: [],
          postbackPayload: undefined,
        },
        'BotConversationid',
      ),
    );
  }

  /** The texts that the customer of a conversation has got, with `<1002>` where it was handed over. */
  shown(conversationId = 'C1'): string[] {
    return this.webhook.posts
      .filter(({ body, answered }) => body.conversation_id === conversationId && answered === 200)
      .map(toText);
  }

  /** What the bot was told of handovers. */
  get statuses(): string[] {
    return this.seen.filter(({ name }) => name === 'handoff.status').map(({ value }) => String(value?.state));
  }

  /** The texts of the messages that the bot may not answer, with who wrote them. */
  get mirrors(): string[] {
    return this.seen
      .filter(({ name }) => name === 'webexConnect.mirroredMessage')
      .map(({ value }) => `${value?.author}: ${value?.text}${value?.crossedHandover ? ' (crossed)' : ''}`);
  }

  async transcript(conversationId = 'C1'): Promise<string[]> {
    const lines = await this.adapter.conversations.transcript(conversationId);
    return lines.map(({ author, text }) => `${author}: ${text}`);
  }

  state(conversationId = 'C1'): Promise<string> {
    return this.adapter.conversations.state(conversationId);
  }

  /** Resolves when nothing moves any more on any replica. */
  async settled(): Promise<void> {
    for (const { adapter } of this.replicas) await adapter.whenIdle();
    for (const { adapter } of this.replicas) {
      await eventually('nothing waits', async () => {
        const { store } = await adapter.health();
        return store?.waitingEvents === 0 && store.waitingMessages === 0;
      });
    }
  }

  async close(): Promise<void> {
    for (const { adapter, server } of this.replicas) {
      await adapter.stop();
      server.closeAllConnections();
      server.close();
    }
    await this.webhook.close();
  }
}

interface Mirrored {
  readonly author?: 'agent' | 'customer';
  readonly agentId?: string;
  /** The BOT conversation that the event names. */
  readonly tiedTo?: string | undefined;
  readonly timestamp?: number;
}

function toText({ body }: ScriptedPost): string {
  return body.eventid === '1001' ? String(body.message) : `<${body.eventid}>`;
}

/** Waits until `check` holds; mocha's own limit ends it where it never does. */
export async function eventually(what: string, check: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = setTimeout(() => {
    throw new Error(`Still not so: ${what}.`);
  }, 15_000);
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 5));
  clearTimeout(deadline);
}
