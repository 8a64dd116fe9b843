import type { Response, TurnContext } from 'botbuilder';
import type { JsonObject } from '../protocol/json';

/** What runs a turn. */
export type TurnLogicUnderTest = (context: TurnContext) => Promise<void>;

/** A POST of Webex Connect, without a socket. */
export interface PlatformRequest {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  /** The raw body. */
  readonly body: string;
}

/** The part of `WebexConnectAdapter` that takes requests in. */
export interface BotUnderTest {
  /** Takes a request in, as a server hands it over. */
  process(req: PlatformRequest, res: Response, logic: TurnLogicUnderTest): Promise<void>;
}

/** What the bot answered Webex Connect. */
export interface PlatformAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * POSTs an event to the adapter without a server.
 *
 * @param event A JSON value, or a text that is sent as it is.
 * @param headers More headers, as for an access token.
 */
export async function postToBot(
  adapter: BotUnderTest,
  event: JsonObject | string,
  logic: TurnLogicUnderTest,
  headers: Readonly<Record<string, string>> = {},
): Promise<PlatformAnswer> {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const answer = { status: 0, headers: new Map<string, string>(), body: '' };
  const response: Response = {
    socket: undefined,
    status: (code) => {
      answer.status = code;
    },
    header: (name, value) => answer.headers.set(name.toLowerCase(), String(value)),
    send: (sent) => {
      answer.body = String(sent);
    },
    end: () => undefined,
  };
  const request: PlatformRequest = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  };
  await adapter.process(request, response, logic);
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: answer.body };
}
