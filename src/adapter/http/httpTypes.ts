import { type IncomingHttpHeaders, IncomingMessage, type ServerResponse } from 'node:http';
import type { Response as BotFrameworkResponse } from 'botbuilder';

/**
 * A request of restify, Express or `node:http`: botbuilder's `Request`, with or without a body that a parser has
 * read. `rawBody`, where a framework keeps it, is preferred to `body`.
 */
export interface WebexConnectRequest {
  readonly headers: IncomingHttpHeaders | Record<string, string | string[] | undefined>;
  readonly method?: string | undefined;
  readonly body?: unknown;
  readonly rawBody?: unknown;
  /** Node's, for what it knows of the caller. */
  readonly socket?: unknown;
}

/** A response of restify, Express or `node:http`: botbuilder's `Response`, or Node's own. */
export type WebexConnectResponse = BotFrameworkResponse | ServerResponse;

/** The header's value; the first one when it came more than once. */
export function headerOf(request: WebexConnectRequest, name: string): string | undefined {
  const value = request instanceof IncomingMessage ? request.headers[name] : inAnyCase(request, name);
  return Array.isArray(value) ? value[0] : value;
}

/** Node writes all names in lower case; other frameworks may not. */
function inAnyCase({ headers }: WebexConnectRequest, name: string): string | string[] | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
