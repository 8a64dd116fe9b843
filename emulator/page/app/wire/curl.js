/** @import { IntegrationView, WireEntry } from '../../../src/world' */
import { prettyJson } from '../shared/prettyJson.js';

/** What curl writes by itself, and knows better. */
const NOT_COPIED = new Set([
  'host',
  'content-length',
  'connection',
  'accept-encoding',
  'transfer-encoding',
  'expect',
]);

/**
 * The same request for a shell.
 *
 * @param {WireEntry} entry
 * @param {IntegrationView} integration
 */
export function asCurl(entry, integration) {
  const { url, headers } =
    entry.kind === 'toBot'
      ? { url: integration.botUrl, headers: headersToBot(integration) }
      : { url: integration.webhookUrl, headers: headersFromBot(entry.headers) };
  const lines = [
    `curl -X POST ${quoted(url)}`,
    ...headers.map((header) => `-H ${header}`),
    `--data-raw ${quoted(entry.body)}`,
  ];
  return lines.join(' \\\n  ');
}

/** The page never learns the token, so the shell has to. @param {IntegrationView} integration */
function headersToBot({ platform, hasAccessToken }) {
  const type = quoted('content-type: application/json');
  if (platform !== 'IMI BOT' || !hasAccessToken) return [type];
  return [type, '"Authorization: Bearer $WEBEX_CONNECT_ACCESS_TOKEN"'];
}

/** @param {Readonly<Record<string, string>>} headers */
function headersFromBot(headers) {
  return Object.entries(headers)
    .filter(([name]) => !NOT_COPIED.has(name.toLowerCase()))
    .map(([name, value]) => quoted(`${name}: ${value}`));
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The body, as a file of a test suite. @param {WireEntry} entry */
export function asFixture(entry) {
  const pretty = prettyJson(entry.body);
  return pretty === undefined ? entry.body : `${pretty}\n`;
}
