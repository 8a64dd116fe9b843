import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';

const PACKAGE = join(__dirname, '..');
const SOURCES = join(PACKAGE, 'src');
/** `import … from 'x'`, `export … from 'x'`, `import('x')`, `require('x')`. */
const IMPORT = /(?:from|import|require(?:\.resolve)?)\s*\(?\s*'([^']+)'/g;
const MANIFEST = z.object({
  dependencies: z.record(z.string(), z.string()),
});

/** What each folder knows of the others. Who is not named knows nobody. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  clock: [],
  judge: [],
  wire: [],
  scenario: ['clock'],
  engine: ['clock', 'judge', 'wire', 'scenario'],
  server: ['scenario'],
  cli: ['scenario'],
};

interface Import {
  /** From `src`, with slashes. */
  readonly file: string;
  readonly specifier: string;
}

function imports(): readonly Import[] {
  const entries = readdirSync(SOURCES, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(IMPORT)].map(([, specifier = '']) => ({
        file: relative(SOURCES, path).replaceAll(sep, '/'),
        specifier,
      })),
    );
}

const isRelative = ({ specifier }: Import) => specifier.startsWith('.');

function targetOf({ file, specifier }: Import): string {
  return relative(SOURCES, resolve(SOURCES, dirname(file), specifier)).replaceAll(sep, '/');
}

const folderOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');
const say = ({ file, specifier }: Import) => `${file} imports ${specifier}`;

describe('The sources of the emulator', () => {
  const all = imports();

  it('are read', () => {
    assert.ok(all.length > 300, `${all.length} imports`);
  });

  it('share no code with the adapter, nor with anything else outside of them', () => {
    const outside = all.filter((one) => isRelative(one) && targetOf(one).startsWith('..'));
    const adapter = all.filter(({ specifier }) => /^bot(builder|framework)/.test(specifier));
    assert.deepEqual([...outside, ...adapter].map(say), []);
  });

  it('use what users install, and nothing else, but for the page that the build puts beside them', () => {
    const { dependencies } = MANIFEST.parse(JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')));
    const strangers = all.filter((one) => {
      const { file, specifier } = one;
      if (isRelative(one) || builtinModules.includes(specifier.replace(/^node:/, ''))) return false;
      return !(specifier in dependencies) && file !== 'server/pageFiles.ts';
    });
    assert.deepEqual(strangers.map(say), []);
  });

  it('know each other one way only', () => {
    const wrong = all.filter((one) => {
      const from = folderOf(one.file);
      const to = isRelative(one) ? folderOf(targetOf(one)) : '';
      return from !== '' && to !== '' && from !== to && ARROWS[from]?.includes(to) !== true;
    });
    assert.deepEqual(wrong.map(say), []);
  });
});
