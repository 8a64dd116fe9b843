import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { TLSSocket } from 'node:tls';

/** One request that looks whether somebody is there. */
export interface ProbeRequest {
  readonly method: 'POST' | 'OPTIONS';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds, connecting included. */
  readonly timeoutMs: number;
}

/** What came of it. Redirects are not followed. */
export type ProbeAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly tookMs: number;
      /** Milliseconds since the epoch: when the server's certificate runs out; `undefined` without TLS. */
      readonly certificateEndsAt: number | undefined;
    }
  /** `code` is Node's: `ECONNREFUSED`, `CERT_HAS_EXPIRED`; `TIMEOUT` when it took too long. */
  | { readonly kind: 'failed'; readonly code: string };

export type Probe = (request: ProbeRequest) => Promise<ProbeAnswer>;

const MAX_BODY = 64 * 1024;

/**
 * Makes what sends a request without a body on a connection of its own. It never rejects.
 *
 * @param ca The root certificate to trust instead of Node's own, for tests.
 */
export function makeProbe(ca?: string): Probe {
  return ({ method, url, headers, timeoutMs }) =>
    new Promise((resolve) => {
      const began = performance.now();
      const options = { method, agent: false, headers: { ...headers, 'Content-Length': '0' } };
      const request = url.startsWith('https:')
        ? requestHttps(url, ca === undefined ? options : { ...options, ca })
        : requestHttp(url, options);
      const finish = (answer: ProbeAnswer) => {
        clearTimeout(timer);
        resolve(answer);
        request.destroy();
      };
      const timer = setTimeout(() => finish({ kind: 'failed', code: 'TIMEOUT' }), timeoutMs);
      request.on('error', (error) => finish({ kind: 'failed', code: codeOf(error) }));
      request.on('response', (response) => {
        // Asked now, for the socket is gone when the body has ended.
        const certificateEndsAt = certificateEndOf(response);
        const { statusCode: status = 0 } = response;
        readBody(response, (body) => {
          const tookMs = performance.now() - began;
          finish({ kind: 'answered', status, headers: headersOf(response), body, tookMs, certificateEndsAt });
        });
      });
      request.end();
    });
}

function readBody(response: IncomingMessage, done: (body: string) => void): void {
  let body = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    body += chunk;
    if (body.length > MAX_BODY) done(body);
  });
  response.on('end', () => done(body));
  response.on('error', () => done(body));
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function certificateEndOf({ socket }: IncomingMessage): number | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const end = Date.parse(socket.getPeerCertificate().valid_to);
  return Number.isNaN(end) ? undefined : end;
}

function codeOf(error: Error): string {
  // Where a name has several addresses, each has failed in its own way.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code: unknown = first instanceof Error ? Reflect.get(first, 'code') : undefined;
  return typeof code === 'string' ? code : 'without a code';
}
