import { type Command, type CommandContext, NO_POSITIONALS } from '../command';
import type { Check, CheckStatus } from '../doctor/check';
import { checkEndpoint } from '../doctor/checkEndpoint';
import { checkEnvironment } from '../doctor/checkEnvironment';
import { checkRuntime } from '../doctor/checkRuntime';
import { checkStore } from '../doctor/checkStore';
import { checkWebhook } from '../doctor/checkWebhook';
import { EXIT, type ExitCode } from '../exitCodes';
import type { Output, Tone } from '../output/output';
import { packageVersion } from '../packageVersion';

const PATH = '/api/webex-connect';
const DEFAULT_PORT = '3978';

const TONES: Readonly<Record<CheckStatus, Tone>> = {
  ok: 'good',
  warn: 'warning',
  fail: 'bad',
  skipped: 'faint',
};

/** Looks at everything that a bot needs. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'checks configuration, store, endpoint and webhook, and says what to do',
  details:
    'Sends no event: the endpoint is asked with an empty body, as by Verify, and the webhook what it takes (OPTIONS).\n' +
    'Reads the environment that the samples have. Exit code 1 when a check fails; warnings alone are 0.',
  positionals: NO_POSITIONALS,
  options: {
    endpoint: {
      type: 'string',
      value: '<url>',
      help: `the bot's endpoint; http://localhost:$PORT${PATH} by default`,
    },
    'webhook-url': {
      type: 'string',
      value: '<url>',
      help: "the integration's webhook [WEBEX_CONNECT_WEBHOOK_URL]",
    },
  },
  run: doctor,
};

async function doctor(context: CommandContext): Promise<ExitCode> {
  const { out } = context;
  const checks: Check[] = [];
  for await (const check of runChecks(context)) {
    checks.push(check);
    if (!out.isJson) tell(out, check);
  }
  const status = worstOf(checks);
  if (out.isJson) out.json({ status, checks: checks.map(toJson) });
  else out.line(summaryOf(checks));
  return status === 'fail' ? EXIT.wrong : EXIT.ok;
}

/** One after the other, so that each is told as soon as it is known. */
async function* runChecks({
  args,
  env,
  clock,
  signal,
  runtime,
  probe,
  openStore,
}: CommandContext): AsyncGenerator<Check> {
  const store = args.text('store') ?? (env.WEBEX_CONNECT_STORE || undefined);
  const webhookUrl = args.url('webhook-url') ?? (env.WEBEX_CONNECT_WEBHOOK_URL || undefined);
  const endpoint = args.url('endpoint') ?? defaultEndpoint(env.PORT || DEFAULT_PORT);
  yield* checkRuntime(runtime, packageVersion(), /^postgres(ql)?:/.test(store ?? ''));
  yield* checkEnvironment({ ...env, WEBEX_CONNECT_WEBHOOK_URL: webhookUrl }, store);
  if (store !== undefined && store !== 'memory:') yield* await checkStore(openStore, clock, signal);
  yield* await checkEndpoint(probe, {
    url: endpoint,
    verificationToken: env.WEBEX_CONNECT_VERIFICATION_TOKEN || undefined,
    accessToken: env.WEBEX_CONNECT_ACCESS_TOKEN || undefined,
  });
  yield* await checkWebhook(probe, webhookUrl, () => clock.now());
}

function defaultEndpoint(port: string): string | undefined {
  return /^[1-9]\d*$/.test(port) ? `http://localhost:${port}${PATH}` : undefined;
}

function tell(out: Output, { name, status, message, advice }: Check): void {
  out.line({ text: status.padEnd(8), tone: TONES[status] }, `${name}: ${message}`);
  if (advice !== '') out.line(' '.repeat(8), `-> ${advice}`);
}

function worstOf(checks: readonly Check[]): 'ok' | 'warn' | 'fail' {
  if (checks.some(({ status }) => status === 'fail')) return 'fail';
  return checks.some(({ status }) => status === 'warn') ? 'warn' : 'ok';
}

function summaryOf(checks: readonly Check[]): string {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  return `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed.`;
}

function toJson({ name, status, message, advice }: Check): object {
  return { name, status, message, advice: advice === '' ? null : advice };
}
