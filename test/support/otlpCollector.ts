import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { portOf } from './fakeWebhook';

/** Takes in what an OpenTelemetry SDK exports with OTLP over HTTP. */
export class OtlpCollector {
  readonly #server: Server;
  readonly #received: { readonly path: string; readonly text: string }[] = [];

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      // Names are legible in Protocol Buffers.
      this.#received.push({ path: request.url ?? '', text: Buffer.concat(chunks).toString('latin1') });
      response.writeHead(200, { 'content-type': 'application/x-protobuf' });
      response.end();
    });
  }

  static async listen(): Promise<OtlpCollector> {
    const collector = new OtlpCollector();
    collector.#server.listen(0, '127.0.0.1');
    await once(collector.#server, 'listening');
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }

  /** All that has come for `/v1/traces`, or `/v1/metrics`. */
  textOf(path: string): string {
    return this.#received
      .filter((one) => one.path === path)
      .map(({ text }) => text)
      .join('\n');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
