import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Page } from './markdown';

/** Of the repository. */
export const ROOT = join(__dirname, '..', '..', '..');

const ALONE = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'emulator/README.md'];

/** Every page that we have written for people, by its path from the repository's root. */
export const pages: ReadonlyMap<string, Page> = new Map(
  [...ALONE, ...pagesBelow('docs'), ...pagesBelow('samples')].map((path) => [path, readPage(path)]),
);

export function readPage(path: string): Page {
  return new Page(path, readFileSync(join(ROOT, path), 'utf8'));
}

function pagesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !/\/(node_modules|api)\//.test(path))
    .sort();
}
