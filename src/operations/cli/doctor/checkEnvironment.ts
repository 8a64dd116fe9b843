import { holdsNoCredentials, isSecure } from '../../../optionSchema';
import { readStoreLocation } from '../store/storeLocation';
import { type Check, fail, ok, warn } from './check';
import { nearest } from './nearest';

/** What the samples are configured by, and what this package's own commands read. */
const KNOWN = [
  'WEBEX_CONNECT_WEBHOOK_URL',
  'WEBEX_CONNECT_VERIFICATION_TOKEN',
  'WEBEX_CONNECT_ACCESS_TOKEN',
  'WEBEX_CONNECT_STORE',
  'WEBEX_CONNECT_SCHEMA',
  'WEBEX_CONNECT_TRANSCRIPT_TOKEN',
] as const;

const SECRETS = [
  'WEBEX_CONNECT_VERIFICATION_TOKEN',
  'WEBEX_CONNECT_ACCESS_TOKEN',
  'WEBEX_CONNECT_TRANSCRIPT_TOKEN',
] as const;

/**
 * Looks at the environment. Shows no value of a variable that may hold a secret.
 *
 * @param storeOption `--store`, which comes before the environment.
 */
export function checkEnvironment(env: NodeJS.ProcessEnv, storeOption: string | undefined): Check[] {
  return [
    checkPort(env.PORT || undefined),
    checkWebhookUrl(env.WEBEX_CONNECT_WEBHOOK_URL || undefined),
    checkTokens(env),
    ...SECRETS.flatMap((name) => checkSecret(name, env[name])),
    checkStore(storeOption ?? (env.WEBEX_CONNECT_STORE || undefined)),
    ...Object.keys(env).flatMap(checkName),
  ];
}

function checkPort(port: string | undefined): Check {
  if (port === undefined) return ok('environment.PORT', 'not set: 3978');
  const isPort = /^\d{1,5}$/.test(port) && Number(port) <= 65_535;
  if (isPort) return ok('environment.PORT', port);
  return fail('environment.PORT', `'${port}' is no port`, 'set it to a number from 0 to 65535');
}

function checkWebhookUrl(text: string | undefined): Check {
  const name = 'environment.WEBEX_CONNECT_WEBHOOK_URL';
  const fix = 'copy the URL that Webex Connect shows for the integration';
  if (text === undefined) return warn(name, 'not set: the samples print what they would send', fix);
  if (isWrapped(text)) return fail(name, 'has blanks or quotes around it', 'set it without them');
  if (!URL.canParse(text)) return fail(name, 'is no URL', fix);
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return fail(name, 'is no http or https URL', fix);
  if (!holdsNoCredentials(text))
    return fail(name, 'has a user or password in it: the adapter refuses it', fix);
  if (!isSecure(text)) {
    return fail(
      name,
      'is http: what customers write would travel in the clear',
      'use https, as Webex Connect does; inside of a closed network, allowInsecureHttp of the adapter',
    );
  }
  return ok(name, url.origin);
}

function checkTokens(env: NodeJS.ProcessEnv): Check {
  const name = 'environment.tokens';
  if (env.WEBEX_CONNECT_ACCESS_TOKEN) return ok(name, 'WEBEX_CONNECT_ACCESS_TOKEN is set (IMI BOT)');
  if (env.WEBEX_CONNECT_VERIFICATION_TOKEN)
    return ok(name, 'WEBEX_CONNECT_VERIFICATION_TOKEN is set (OTHERS)');
  return warn(
    name,
    'neither WEBEX_CONNECT_VERIFICATION_TOKEN nor WEBEX_CONNECT_ACCESS_TOKEN is set',
    'set the one of your integration: the Verification Token of OTHERS, or the access token of IMI BOT',
  );
}

function checkSecret(name: string, value: string | undefined): Check[] {
  if (value === undefined || !isWrapped(value)) return [];
  return [fail(`environment.${name}`, 'has blanks or quotes around it', 'set it without them')];
}

function checkStore(store: string | undefined): Check {
  const name = 'environment.WEBEX_CONNECT_STORE';
  if (store === undefined || store === 'memory:') {
    const what = store === undefined ? 'not set: memory' : store;
    return warn(
      name,
      what,
      "set 'sqlite:<path>' or 'postgres://…': what is in memory is lost with the process",
    );
  }
  try {
    const { kind } = readStoreLocation(store);
    return ok(name, kind === 'sqlite' ? 'a SQLite file' : 'PostgreSQL');
  } catch {
    return fail(name, 'is no store', "set 'sqlite:<path>' or 'postgres://…'");
  }
}

/** A variable that nobody reads is mostly one that was misspelt. */
function checkName(name: string): Check[] {
  if (!name.startsWith('WEBEX_CONNECT') || KNOWN.some((known) => known === name)) return [];
  const meant = nearest(name, KNOWN);
  const advice = meant === undefined ? 'see whether your bot reads it' : `did you mean ${meant}?`;
  return [warn(`environment.${name}`, 'is not known to this package', advice)];
}

function isWrapped(value: string): boolean {
  return value !== value.trim() || /^(["']).*\1$/.test(value);
}
