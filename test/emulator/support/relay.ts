import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { portOf } from '../../support/fakeWebhook';

/** The connections of one process, so that they can end with it. */
export class Relay {
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #upstream = new Set<Socket>();
  readonly #target: URL;
  #isCut = false;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((client) => this.#relay(client));
  }

  static async listen(target: string): Promise<Relay> {
    const relay = new Relay(new URL(target));
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  /** Where the target is reached through the relay. */
  get url(): string {
    const url = new URL(this.#target);
    url.port = String(portOf(this.#server));
    return url.href;
  }

  /** Breaks all connections, and takes no others. Resolves when what was on its way has arrived, and nobody is left. */
  async cut(): Promise<void> {
    this.#isCut = true;
    this.#server.close();
    const arrived = [...this.#upstream].map((socket) => {
      // Not destroyed: bytes that have left a process arrive, though nobody is there for the answer.
      socket.end();
      return once(socket, 'close');
    });
    for (const socket of this.#clients) socket.destroy();
    await Promise.all(arrived);
  }

  #relay(client: Socket): void {
    if (this.#isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(this.#target.port), this.#target.hostname);
    keep(client, this.#clients);
    keep(upstream, this.#upstream);
    upstream.once('close', () => client.destroy());
    client.pipe(upstream);
    upstream.pipe(client);
    // After the pipes, which stop the flow: nobody takes what it brings any more, and its end is to be seen.
    client.once('close', () => {
      upstream.end();
      upstream.resume();
    });
  }
}

function keep(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.once('close', () => sockets.delete(socket));
}
