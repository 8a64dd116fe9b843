import { durationText, timeText } from '../output/times';
import { type Check, fail, ok, skipped, warn } from './check';
import type { Probe, ProbeAnswer } from './probe';

const TIME_LIMIT_MS = 5000;
const DAY_MS = 24 * 60 * 60 * 1000;
const CERTIFICATE_DAYS = 14;
/** `Date` counts in seconds, and the way takes a while. */
const SKEW_WARNS_MS = 10_000;
/** From here on, signatures and stamps are refused elsewhere. */
const SKEW_FAILS_MS = 5 * 60_000;

type Answered = Extract<ProbeAnswer, { kind: 'answered' }>;

/**
 * Looks whether Webex Connect's webhook can be reached, by asking what it takes (OPTIONS): no event is sent.
 *
 * @param now Milliseconds since the epoch, by this machine's clock.
 */
export async function checkWebhook(
  probe: Probe,
  url: string | undefined,
  now: () => number,
): Promise<Check[]> {
  if (url === undefined || !/^https?:/.test(url) || !URL.canParse(url)) {
    return [skipped('webhook', 'no usable WEBEX_CONNECT_WEBHOOK_URL')];
  }
  const answer = await probe({ method: 'OPTIONS', url, timeoutMs: TIME_LIMIT_MS });
  const where = new URL(url).origin;
  if (answer.kind === 'failed') {
    return [fail('webhook.reach', `${where}: ${answer.code}`, adviceOn(answer.code))];
  }
  return [judgeReach(where, answer), ...judgeCertificate(answer, now()), judgeClock(answer, now())];
}

function judgeReach(where: string, { status, tookMs }: Answered): Check {
  const name = 'webhook.reach';
  const said = `${where} answers in ${durationText(tookMs)}`;
  if (status >= 500) {
    return warn(
      name,
      `${said}, but with ${status}`,
      'see the status of Webex Connect; messages wait meanwhile',
    );
  }
  if (status >= 300 && status < 400) {
    return warn(name, `${said}, but redirects`, 'set the URL that it leads to: redirects are never followed');
  }
  // Whatever else it says of OPTIONS: somebody is there.
  return ok(name, said);
}

function judgeCertificate({ certificateEndsAt }: Answered, now: number): Check[] {
  if (certificateEndsAt === undefined) return [];
  const name = 'webhook.certificate';
  const said = `its certificate is good until ${timeText(certificateEndsAt)}`;
  if (certificateEndsAt - now > CERTIFICATE_DAYS * DAY_MS) return [ok(name, said)];
  return [warn(name, said, 'have whoever runs the server renew it: after that, nothing can be sent')];
}

function judgeClock({ headers }: Answered, now: number): Check {
  const name = 'clock';
  const theirs = Date.parse(headers.date ?? '');
  if (Number.isNaN(theirs)) return skipped(name, 'the webhook tells no Date to compare with');
  const skew = Math.abs(theirs - now);
  if (skew <= SKEW_WARNS_MS) return ok(name, "agrees with the webhook's");
  const said = `${durationText(skew)} ${theirs > now ? 'behind' : 'ahead of'} the webhook's`;
  const advice = 'set this machine’s clock (NTP): whether a message crossed a handover is told by time';
  return skew > SKEW_FAILS_MS ? fail(name, said, advice) : warn(name, said, advice);
}

function adviceOn(code: string): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return "its host's name is unknown here: check the URL and this machine's DNS";
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'TIMEOUT':
      return 'check the URL, and whether a firewall or proxy stands between this machine and Webex Connect';
    case 'CERT_HAS_EXPIRED':
      return "the server's certificate has expired: have it renewed";
    default:
      return 'check the URL, and what stands between this machine and Webex Connect (TLS, certificates, proxies)';
  }
}
