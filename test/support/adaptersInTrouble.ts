import { type MemoryStore, WebexConnectAdapter, type WebexConnectAdapterOptions } from '../../src';
import { ManualClock, mockWebexConnect } from '../../src/testing';
import { MoodyStore } from './moodyStore';

/** Adapters on one clock and one webhook whose stores may fail, until they are stopped together. */
export class AdaptersInTrouble {
  readonly webex = mockWebexConnect();
  readonly clock = new ManualClock();
  readonly #adapters: WebexConnectAdapter[] = [];
  readonly #stores: MoodyStore[] = [];

  makeStore(memory?: MemoryStore): MoodyStore {
    const store = new MoodyStore(memory);
    this.#stores.push(store);
    return store;
  }

  make(options: Partial<WebexConnectAdapterOptions> = {}): WebexConnectAdapter {
    const adapter = new WebexConnectAdapter({
      webhookUrl: this.webex.webhookUrl,
      clock: this.clock,
      outbound: { jitter: 0 },
      ...options,
    });
    this.#adapters.push(adapter);
    return adapter;
  }

  async stop(): Promise<void> {
    for (const store of this.#stores) store.beWell();
    const stopped = Promise.all(this.#adapters.map((adapter) => adapter.stop()));
    // What a store had failed to take is tried again on this clock.
    await this.clock.advance(60_000);
    await stopped;
    this.webex.restore();
  }
}
