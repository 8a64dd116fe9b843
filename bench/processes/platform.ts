import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exactNow } from '../measure/exactTime';
import { serveParent } from './child';
import type { PlatformProtocol, Received } from './platformProtocol';

/** Takes whatever a bot sends, and counts it: what it costs here must not decide how fast a bot looks. */
const ANSWER = '{"id":"1"}';

let count = 0;
let lastAt = 0;
let waiter: { readonly count: number; readonly done: () => void } | undefined;

const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  request.resume();
  request.once('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
    response.end(ANSWER);
    count += 1;
    lastAt = exactNow();
    if (waiter !== undefined && count >= waiter.count) waiter.done();
  });
});
server.keepAliveTimeout = 60_000;

serveParent<PlatformProtocol>({
  async listen() {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return { url: `http://127.0.0.1:${address.port}` };
  },
  expect() {
    count = 0;
    lastAt = 0;
    return undefined;
  },
  received: ({ count: wanted, withinMs }) =>
    new Promise<Received>((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        waiter = undefined;
        resolve({ count, lastAt });
      };
      const timer = setTimeout(() => {
        waiter = undefined;
        reject(new Error(`only ${count} of ${wanted} replies came within ${withinMs} ms`));
      }, withinMs);
      waiter = { count: wanted, done };
      if (count >= wanted) done();
    }),
});
