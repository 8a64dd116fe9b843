import { ServerResponse } from 'node:http';
import type { WebexConnectResponse } from './httpTypes';

/** What the endpoint answers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Where the verification token stands in an answer. The platform does not say (assumption; option). */
export interface VerificationSettings {
  readonly token?: string | undefined;
  readonly style: 'json' | 'text' | 'header';
  readonly field: string;
  readonly header: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT_TYPE = 'text/plain; charset=utf-8';

/** An answer to an authenticated POST: it always carries the verification token, where there is one. */
export function answerWithToken(
  status: number,
  verification: VerificationSettings,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const { token, style } = verification;
  if (token === undefined) return { status, headers: { 'Content-Type': JSON_TYPE, ...headers }, body: '{}' };
  switch (style) {
    case 'json':
      return {
        status,
        headers: { 'Content-Type': JSON_TYPE, ...headers },
        body: JSON.stringify({ [verification.field]: token }),
      };
    case 'text':
      return { status, headers: { 'Content-Type': TEXT_TYPE, ...headers }, body: token };
    case 'header':
      return {
        status,
        headers: { 'Content-Type': JSON_TYPE, ...headers, [verification.header]: token },
        body: '{}',
      };
  }
}

/** An answer to somebody who has proved nothing: no token, nothing about the inside. */
export function plainAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: '' };
}

/**
 * Writes the answer and ends the response, with Node's own methods where there are any (restify's and Express's
 * responses are Node's), else with those of botbuilder's `Response`. Does nothing when somebody has answered.
 */
export function writeAnswer(response: WebexConnectResponse, answer: Answer): void {
  if (response instanceof ServerResponse) {
    if (response.headersSent || response.writableEnded) return;
    // Not given to writeHead: a plugin that compresses must be able to take the length away again.
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    response.setHeader('Content-Length', String(Buffer.byteLength(answer.body)));
    response.writeHead(answer.status);
    response.end(answer.body);
    return;
  }
  response.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers)) response.header(name, value);
  if (answer.body !== '') response.send(answer.body);
  response.end();
}
