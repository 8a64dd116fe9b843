import { once } from 'node:events';
import type { Server } from 'node:http';
import {
  AgentMirrorMiddleware,
  type Clock,
  ConversationTracker,
  type DeliveryStore,
  HandoverMiddleware,
  type TurnLogic,
  WebexConnectAdapter,
  type WebexConnectAdapterOptions,
} from '../../../src';
import { type Mount, onNodeHttp } from '../../support/botHost';
import { portOf } from '../../support/fakeWebhook';
import { MortalStore } from '../../support/mortalStore';
import { Relay } from './relay';

export const VERIFICATION_TOKEN = 'token-of-the-emulated-integration';

/** What a bot is made of, each time it is started. */
export interface EmulatedBotParts<Store extends DeliveryStore> {
  /** The emulator's. */
  readonly webhookUrl: string;
  readonly clock?: Clock;
  /** Opens what the bot has stored before. */
  openStore(): Store;
  makeLogic(store: Store): TurnLogic;
  readonly mount?: Mount;
  readonly options?: Partial<WebexConnectAdapterOptions>;
}

/** One run of the bot's process. */
interface Run<Store extends DeliveryStore> {
  readonly adapter: WebexConnectAdapter;
  readonly server: Server;
  readonly relay: Relay;
  /** What the process sees of the store, and the store itself. */
  readonly mortal: MortalStore<Store>;
  readonly opened: Store;
}

/** A bot on the real adapter, in this process, over real HTTP; it can be stopped, killed, and started at the same URL. */
export class EmulatedBot<Store extends DeliveryStore> {
  readonly #parts: EmulatedBotParts<Store>;
  #port = 0;
  #run: Run<Store> | undefined;

  constructor(parts: EmulatedBotParts<Store>) {
    this.#parts = parts;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/api/webex-connect`;
  }

  /** Of the bot that runs. */
  get adapter(): WebexConnectAdapter {
    if (this.#run === undefined) throw new Error('The bot is down.');
    return this.#run.adapter;
  }

  async start(): Promise<void> {
    const { clock, mount = onNodeHttp } = this.#parts;
    const relay = await Relay.listen(this.#parts.webhookUrl);
    const opened = this.#parts.openStore();
    const mortal = new MortalStore(opened);
    const adapter = new WebexConnectAdapter({
      webhookUrl: relay.url,
      verification: { token: VERIFICATION_TOKEN },
      store: mortal.store,
      ...(clock !== undefined && { clock }),
      ...this.#parts.options,
    });
    adapter.use(new ConversationTracker(), new HandoverMiddleware(), new AgentMirrorMiddleware());
    const logic = this.#parts.makeLogic(mortal.store);
    await adapter.start(logic);
    const server = mount(adapter, logic);
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = portOf(server);
    this.#run = { adapter, server, relay, mortal, opened };
  }

  /** As a deployment does. */
  async stop(): Promise<void> {
    const run = this.#takeRun();
    if (run === undefined) return;
    await closed(run.server);
    await run.adapter.stop();
    await run.relay.cut();
  }

  /** As `kill -9` does: nothing is finished, nothing given back, and every connection breaks. */
  async kill(): Promise<void> {
    const run = this.#takeRun();
    if (run === undefined) return;
    run.mortal.kill();
    await run.relay.cut();
    await closed(run.server);
    await run.opened.close();
  }

  /** Resolves when the bot has nothing to do at the moment, or is down. */
  async whenIdle(): Promise<void> {
    await this.#run?.adapter.whenIdle();
  }

  #takeRun(): Run<Store> | undefined {
    const run = this.#run;
    this.#run = undefined;
    return run;
  }
}

async function closed(server: Server): Promise<void> {
  const isClosed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await isClosed;
}
