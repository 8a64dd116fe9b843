import type {
  ClockControl,
  Customer,
  Desk,
  Emulator,
  FaultControl,
  IntegrationControl,
  Judge,
} from './emulatorApi';
import type { EmulatorServer } from './server/emulatorServer';
import type { Channel, Dialect, RoutingRule, World } from './world';

/** An emulator that nobody can reach yet. */
export type UnservedEmulator = Omit<Emulator, 'url' | 'webhookUrl'>;

/** The emulator and the server that makes it reachable, as one. */
export class ServedEmulator implements Emulator {
  readonly url: string;
  readonly webhookUrl: string;
  readonly integration: IntegrationControl;
  readonly clock: ClockControl;
  readonly faults: FaultControl;
  readonly desk: Desk;
  readonly judge: Judge;
  readonly #emulator: UnservedEmulator;
  readonly #server: EmulatorServer;

  constructor(
    emulator: UnservedEmulator,
    server: EmulatorServer,
    urls: { readonly page: string; readonly webhook: string },
  ) {
    this.#emulator = emulator;
    this.#server = server;
    this.url = urls.page;
    this.webhookUrl = urls.webhook;
    this.integration = emulator.integration;
    this.clock = emulator.clock;
    this.faults = emulator.faults;
    this.desk = emulator.desk;
    this.judge = emulator.judge;
  }

  customer(name: string, channel?: Channel): Customer {
    return this.#emulator.customer(name, channel);
  }

  setRule(rule: RoutingRule): void {
    this.#emulator.setRule(rule);
  }

  setDialect(dialect: Dialect): void {
    this.#emulator.setDialect(dialect);
  }

  world(): World {
    return this.#emulator.world();
  }

  subscribe(listener: () => void): () => void {
    return this.#emulator.subscribe(listener);
  }

  resend(wireEntryId: string): Promise<void> {
    return this.#emulator.resend(wireEntryId);
  }

  idle(): Promise<void> {
    return this.#emulator.idle();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#server.close(), this.#emulator.stop()]);
  }
}
