import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import type { ServedWorld } from '../../../src/world';
import { EMPTY_WORLD } from './worlds';

const PAGE = join(__dirname, '..', '..', '..', 'page');

const VENDOR = new Map([
  ['/vendor/preact.module.js', require.resolve('preact')],
  ['/vendor/hooks.module.js', require.resolve('preact/hooks')],
  ['/vendor/htm.module.js', join(dirname(require.resolve('htm')), 'htm.module.js')],
]);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
};

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Serves the page with a world that the test writes, and keeps what the page asks for. */
export class FakeEmulator {
  readonly calls: Call[] = [];
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();
  readonly #answers = new Map<string, Answer>();
  #world: ServedWorld = EMPTY_WORLD;
  #refusesStreams = false;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async listen(world: ServedWorld = EMPTY_WORLD): Promise<FakeEmulator> {
    const emulator = new FakeEmulator();
    emulator.#world = world;
    emulator.#server.listen(0, '127.0.0.1');
    await once(emulator.#server, 'listening');
    return emulator;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The server does not listen.');
    return `http://127.0.0.1:${address.port}`;
  }

  get world(): ServedWorld {
    return this.#world;
  }

  /** Shows another world to every page. */
  show(world: ServedWorld): void {
    this.#world = world;
    for (const stream of this.#streams) sendWorld(stream, world);
  }

  /** Answers `<method> <path>` with this from now on. */
  answer(call: string, status: number, body: object): void {
    this.#answers.set(call, { status, body });
  }

  breakStreams(): void {
    this.#refusesStreams = true;
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }

  mendStreams(): void {
    this.#refusesStreams = false;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    if (path === '/api/stream') return this.#stream(response);
    if (path.startsWith('/api/')) return this.#call(request, response, path);
    return serveFile(response, path);
  }

  #stream(response: ServerResponse): void {
    if (this.#refusesStreams) {
      response.writeHead(503).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
    sendWorld(response, this.#world);
  }

  async #call(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const text = Buffer.concat(chunks).toString();
    const method = request.method ?? '';
    this.calls.push({ method, path, body: text === '' ? undefined : JSON.parse(text) });
    const { status, body } = this.#answers.get(`${method} ${path}`) ?? { status: 200, body: {} };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}

function sendWorld(stream: ServerResponse, world: ServedWorld): void {
  stream.write(`event: world\ndata: ${JSON.stringify(world)}\n\n`);
}

async function serveFile(response: ServerResponse, path: string): Promise<void> {
  const file = VENDOR.get(path) ?? join(PAGE, normalize(path === '/' ? '/index.html' : path));
  try {
    const bytes = await readFile(file);
    response
      .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
      .end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}
