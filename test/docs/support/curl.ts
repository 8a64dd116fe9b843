import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './pages';

/** A request as a line of curl in the docs makes it. */
export interface CurlRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

/** Of curl, what our docs use. */
const OPTIONS = {
  silent: { type: 'boolean', short: 's' },
  include: { type: 'boolean', short: 'i' },
  header: { type: 'string', short: 'H', multiple: true },
  data: { type: 'string', short: 'd' },
  request: { type: 'string', short: 'X' },
} as const;

/** @throws {Error} for what curl, or this, does not know. */
export function readCurl(args: readonly string[]): CurlRequest {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [address, ...more] = positionals;
  if (address === undefined || more.length > 0) throw new Error('curl is given one URL');
  return {
    url: new URL(address.startsWith('http') ? address : `http://${address}`),
    method: values.request ?? (values.data === undefined ? 'GET' : 'POST'),
    headers: Object.fromEntries((values.header ?? []).map(readHeader)),
    body: values.data === undefined ? null : readData(values.data),
  };
}

function readHeader(text: string): [name: string, value: string] {
  const [, name, value] = /^([\w-]+): (.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new Error(`'${text}' is no header`);
  return [name, value];
}

function readData(value: string): string {
  return value.startsWith('@') ? readFileSync(join(ROOT, value.slice(1)), 'utf8') : value;
}
