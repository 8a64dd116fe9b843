import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './pages';

const FOLDERS = [
  'src',
  'samples',
  'scripts',
  'emulator/src',
  'bench',
  'test/faults',
  'test/fuzz',
  'test/support',
];
const READ = /\b(?:env|environment)\.([A-Z][A-Z0-9_]+)\b/g;
const COMMENT = /\/\*\*[\s\S]*?\*\//g;

/** Of Node, of OpenTelemetry's SDK and of terminals: read by others than us. */
const OTHERS = ['NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_OPTIONS', 'NO_COLOR'];
const OTHERS_PREFIX = /^OTEL_/;

/** The environment variables that the code in these folders reads. */
export function variablesReadIn(folders: readonly string[]): Set<string> {
  const sources = folders.flatMap(sourcesIn);
  return new Set(sources.flatMap((source) => [...source.matchAll(READ)].map(([, name = '']) => name)));
}

const known = variablesReadIn(FOLDERS);

/** Whether anything reads it. */
export function isEnvironmentVariable(name: string): boolean {
  return known.has(name) || OTHERS.includes(name) || OTHERS_PREFIX.test(name);
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
    .map((path) => readFileSync(join(ROOT, folder, path), 'utf8').replaceAll(COMMENT, ''));
}
