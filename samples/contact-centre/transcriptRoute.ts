import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, Response, Server } from 'restify';
import { isLocal } from '../support/isLocal';

/** As much of `adapter.conversations` as the route reads. */
export interface Conversations {
  get(id: string): Promise<object | undefined>;
  transcript(id: string): Promise<readonly object[]>;
  transcriptText(id: string): Promise<string>;
  exportTranscript(id: string): Promise<string>;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const TRANSCRIPT_PATH = /^\/api\/conversations\/(.+)\/transcript$/;

/**
 * Serves what was said in a conversation: personal data. Who asks must know the token; without one, must be on this
 * machine.
 */
export function addTranscriptRoute(
  server: Server,
  conversations: Conversations,
  token: string | undefined,
): void {
  // An ID may be longer than restify lets a named parameter be, and hold slashes.
  server.get('/api/conversations/*', async (req: Request, res: Response) => {
    if (!isAllowed(req, token)) return refuse(res, token);
    const url = new URL(req.url ?? '/', 'http://localhost');
    const id = conversationIdOf(url.pathname);
    if (id === undefined) return sendJson(res, 404, { error: 'There is nothing here.' });
    return sendTranscript(res, conversations, id, url.searchParams.get('format') ?? 'json');
  });
}

function isAllowed(req: Request, token: string | undefined): boolean {
  if (token === undefined) return isLocal(req);
  const given = /^Bearer +(.+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

function refuse(res: Response, token: string | undefined): void {
  if (token === undefined) {
    const error = 'Set WEBEX_CONNECT_TRANSCRIPT_TOKEN to ask for transcripts from another machine.';
    sendJson(res, 403, { error });
    return;
  }
  res.setHeader('WWW-Authenticate', 'Bearer');
  sendJson(res, 401, { error: 'Send the token as Authorization: Bearer.' });
}

function conversationIdOf(path: string): string | undefined {
  const encoded = TRANSCRIPT_PATH.exec(path)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

async function sendTranscript(
  res: Response,
  conversations: Conversations,
  id: string,
  format: string,
): Promise<void> {
  if ((await conversations.get(id)) === undefined) {
    return sendJson(res, 404, { error: 'No such conversation is known.' });
  }
  switch (format) {
    case 'json':
      return sendJson(res, 200, await conversations.transcript(id));
    case 'text':
      return send(res, 200, 'text/plain; charset=utf-8', await conversations.transcriptText(id));
    case 'transcript':
      return send(res, 200, JSON_TYPE, await conversations.exportTranscript(id));
    default:
      return sendJson(res, 400, { error: "The format is 'json', 'text' or 'transcript'." });
  }
}

function sendJson(res: Response, status: number, body: unknown): void {
  send(res, status, JSON_TYPE, JSON.stringify(body));
}

function send(res: Response, status: number, contentType: string, body: string): void {
  res.writeHead(status, { 'Content-Type': contentType, 'Cache-Control': 'no-store' });
  res.end(body);
}

/** Texts of any length, made comparable in constant time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
