import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** A server on a free port of this machine. */
export interface LoopbackServer {
  readonly port: number;
  readonly url: string;
  /** Every connection so far. */
  readonly sockets: readonly Socket[];
  close(): Promise<void>;
}

async function listen(server: Server): Promise<LoopbackServer> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    url: `http://127.0.0.1:${port}/hooks/secret-path`,
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export function serveHttp(listener: RequestListener): Promise<LoopbackServer> {
  const server = createHttpServer((request, response) => listener(request, chainable(response)));
  // Who closes an idle connection, then, is the client.
  server.keepAliveTimeout = 60_000;
  return listen(server);
}

/** restify, once loaded, changes `writeHead` for the whole process: it returns nothing any more. */
function chainable(response: ServerResponse): ServerResponse & { req: IncomingMessage } {
  const { writeHead } = response;
  return Object.assign(response, {
    writeHead(...args: unknown[]) {
      Reflect.apply(writeHead, response, args);
      return response;
    },
  });
}

/** @param onBytes Told of the bytes of each connection as they come. */
export function serveTcp(onBytes: (socket: Socket, bytes: Buffer) => void): Promise<LoopbackServer> {
  return listen(createTcpServer((socket) => socket.on('data', (bytes: Buffer) => onBytes(socket, bytes))));
}
