import { durationText } from '../output/times';
import { type Check, fail, ok, skipped, warn } from './check';
import type { Probe, ProbeAnswer } from './probe';

/** Webex Connect waits as long. */
const TIME_LIMIT_MS = 5000;
/** Within this the adapter means to answer. */
const SLOW_MS = 3000;

/** What the endpoint is asked with. */
export interface EndpointFacts {
  readonly url: string | undefined;
  readonly verificationToken: string | undefined;
  readonly accessToken: string | undefined;
}

/** Looks whether the bot answers as Webex Connect wants it. An empty body runs no turn. */
export async function checkEndpoint(probe: Probe, facts: EndpointFacts): Promise<Check[]> {
  const { url, accessToken } = facts;
  if (url === undefined) return [skipped('endpoint', 'PORT=0 says not where it is; give --endpoint')];
  const post = (headers: Record<string, string>) =>
    probe({ method: 'POST', url, headers, timeoutMs: TIME_LIMIT_MS });
  if (accessToken === undefined) return judgeAnswer(await post({}), facts);
  // First the stranger: the bot counts failures of those whom it knows, until one succeeds.
  const stranger = judgeStranger(await post({}), url);
  const answer = await post({ authorization: `Bearer ${accessToken}` });
  return [...judgeAnswer(answer, facts), ...(answer.kind === 'failed' ? [] : [stranger])];
}

function judgeStranger(answer: ProbeAnswer, url: string): Check {
  const name = 'endpoint.stranger';
  if (answer.kind === 'answered' && answer.status === 401) {
    return ok(name, 'who does not know the access token is answered 401');
  }
  const found = answer.kind === 'failed' ? answer.code : String(answer.status);
  return fail(
    name,
    `${originOf(url)} answers ${found}, not 401, to who does not know the access token`,
    'give the bot WEBEX_CONNECT_ACCESS_TOKEN (authentication.accessToken): anybody could send it events',
  );
}

function judgeAnswer(answer: ProbeAnswer, facts: EndpointFacts): Check[] {
  const name = 'endpoint.answer';
  const where = originOf(facts.url ?? '');
  if (answer.kind === 'failed') return [fail(name, `${where}: ${answer.code}`, adviceOnFailure(answer.code))];
  const { status, tookMs } = answer;
  const said = `${where} answers ${status} in ${durationText(tookMs)}`;
  if (status !== 200) return [fail(name, said, adviceOnStatus(status))];
  return [judgeTime(name, said, tookMs), judgeToken(answer, facts.verificationToken)];
}

function judgeTime(name: string, said: string, tookMs: number): Check {
  if (tookMs <= SLOW_MS) return ok(name, said);
  const advice =
    'see why: Webex Connect waits five seconds, and after five failures in a row it gives the bot up';
  return warn(name, said, advice);
}

function judgeToken(answer: Extract<ProbeAnswer, { kind: 'answered' }>, token: string | undefined): Check {
  const name = 'endpoint.token';
  if (token === undefined) return skipped(name, 'WEBEX_CONNECT_VERIFICATION_TOKEN is not set');
  if (carriesToken(answer, token)) return ok(name, 'the answer carries the verification token');
  return fail(
    name,
    'the answer does not carry WEBEX_CONNECT_VERIFICATION_TOKEN',
    'give the bot the same token (verification.token) as the integration and this command',
  );
}

/** In a field of JSON, as the whole body, or in a header: the three styles of the adapter. */
function carriesToken({ body, headers }: Extract<ProbeAnswer, { kind: 'answered' }>, token: string): boolean {
  return body.trim() === token || Object.values(headers).includes(token) || jsonValues(body).includes(token);
}

function jsonValues(body: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? Object.values(parsed) : [];
  } catch {
    return [];
  }
}

function adviceOnFailure(code: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'start the bot, or name its address with --endpoint';
    case 'TIMEOUT':
      return 'see what holds the bot up: Webex Connect waits five seconds';
    default:
      return 'see whether the address is right (--endpoint) and can be reached from here';
  }
}

function adviceOnStatus(status: number): string {
  switch (status) {
    case 401:
      return 'set WEBEX_CONNECT_ACCESS_TOKEN as the bot has it; a bot that wants signatures cannot be asked so';
    case 404:
      return 'name the path that the bot serves with --endpoint';
    case 405:
      return 'have the route take POST';
    case 503:
      return 'the bot cannot store events now: see its log, and the checks of the store';
    default:
      return "see the bot's log: Webex Connect wants 200";
  }
}

/** The path may be the secret that keeps strangers out. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'the endpoint';
}
