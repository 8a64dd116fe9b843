import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix, relative, sep } from 'node:path';
import { z } from 'zod';
import { RULES } from './support/architectureRules';
import { checkImports } from './support/checkImports';
import { readImports } from './support/readImports';
import { MAY_USE_REAL_TIME, usesOfRealTime } from './support/realTime';

const root = join(__dirname, '..');

const declared = z.object({
  dependencies: z.record(z.string(), z.string()),
  peerDependencies: z.record(z.string(), z.string()),
});

/** `pg/lib/client` is in `pg`, `@scope/a/b` in `@scope/a`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Of TypeScript, and of the emulator's page. */
function readSources(folder = 'src'): Map<string, string> {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    paths.map((path) => [relative(root, path).replaceAll(sep, '/'), readFileSync(path, 'utf8')]),
  );
}

function check(sources: Record<string, string>, rules = RULES): string[] {
  return checkImports(new Map(Object.entries(sources)), rules);
}

describe('The arrows of the design', () => {
  it('hold in every file of src/', () => {
    const sources = readSources();
    assert.ok(sources.has('src/index.ts'), 'the sources were not found');
    assert.deepEqual(checkImports(sources, RULES), []);
  });

  it('end at packages that package.json declares: a hoisted one is not there for everybody', () => {
    const { dependencies, peerDependencies } = declared.parse(
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
    );
    const known = new Set([...builtinModules, ...Object.keys({ ...dependencies, ...peerDependencies })]);
    const undeclared = [...readSources()].flatMap(([path, source]) =>
      readImports(path, source)
        .flatMap(({ specifier, typeOnly }) => (specifier === undefined || typeOnly ? [] : [specifier]))
        .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
        .filter((specifier) => !known.has(packageOf(specifier)))
        .map((specifier) => `${path} imports ${specifier}`),
    );
    assert.deepEqual(undeclared, []);
  });
});

describe('Time and chance', () => {
  it('come from the clock, but in the files that have a reason', () => {
    const strangers = [...readSources()].filter(([path]) => MAY_USE_REAL_TIME[path] === undefined);
    assert.deepEqual(
      strangers.flatMap(([path, source]) => usesOfRealTime(path, source)),
      [],
    );
  });

  it('are asked for in each file that may: no reason is left over', () => {
    const sources = readSources();
    const idle = Object.keys(MAY_USE_REAL_TIME).filter(
      (path) => usesOfRealTime(path, sources.get(path) ?? '').length === 0,
    );
    assert.deepEqual(idle, []);
  });

  const forms: [source: string, name: string][] = [
    ['const now = Date.now();', 'Date.now'],
    ['const now = Date.now;', 'Date.now'],
    ['const now = globalThis.Date.now();', 'Date.now'],
    ['const now = new Date();', 'new Date()'],
    ['const now = performance.now();', 'performance.now'],
    ['const now = process.hrtime.bigint();', 'process.hrtime'],
    ['const chance = Math.random();', 'Math.random'],
    ['setTimeout(() => {}, 5);', 'setTimeout'],
    ['const timer = globalThis.setInterval(() => {}, 5);', 'setInterval'],
    ['const signal = AbortSignal.timeout(5);', 'AbortSignal.timeout'],
    ["import { setTimeout as sleep } from 'node:timers/promises';", 'node:timers/promises'],
    ["import { scheduler } from 'timers/promises';", 'timers/promises'],
    ["import { performance as clock } from 'node:perf_hooks';", 'node:perf_hooks'],
  ];
  for (const [source, name] of forms) {
    it(`are found in ${source}`, () => {
      assert.deepEqual(usesOfRealTime('src/a.ts', `\n${source}`), [`src/a.ts:2: ${name}`]);
    });
  }

  it('are not found where a time is only written down, or where nothing is waited for', () => {
    const source =
      "// Date.now()\nnew Date(5); clock.now(); setImmediate(go); clearTimeout(t); log('setTimeout');";
    assert.deepEqual(usesOfRealTime('src/a.ts', source), []);
  });
});

/** What the sources of one workspace import of the other, one line each. Paths begin with the folder. */
function importsOf(other: RegExp, sources: ReadonlyMap<string, string>): string[] {
  return [...sources].flatMap(([path, source]) =>
    readImports(path, source)
      .map(({ specifier = '', line }) => ({
        target: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
        line,
      }))
      .filter(({ target }) => other.test(target))
      .map(({ target, line }) => `${path}:${line} imports ${target}`),
  );
}

// Each is written from its own reading of the reference, so that a mistake in one shows against the other.
describe('The adapter and the emulator', () => {
  const EMULATOR = /^(webex-connect-emulator|emulator)($|\/)/;
  const ADAPTER = /^(botbuilder-adapter-webex-connect|src|test|samples)($|\/)/;

  it('share nothing: src/ imports nothing of the emulator', () => {
    assert.deepEqual(importsOf(EMULATOR, readSources()), []);
  });

  for (const folder of ['src', 'test', 'page']) {
    it(`share nothing: emulator/${folder}/ imports nothing of the adapter`, () => {
      const sources = readSources(`emulator/${folder}`);
      assert.ok(sources.size > 0, 'the sources were not found');
      assert.deepEqual(importsOf(ADAPTER, sources), []);
    });
  }

  it('would be found to share something, by name or by path, be it only a type', () => {
    const sources = {
      'emulator/src/wire/a.ts': "import type { B } from '../../../src/protocol/b';",
      'emulator/test/c.ts': "import { Adapter } from 'botbuilder-adapter-webex-connect';",
      'emulator/src/d.ts': "import { e } from '../test/e'; import { f } from '../src/f';",
    };
    assert.deepEqual(importsOf(ADAPTER, new Map(Object.entries(sources))), [
      'emulator/src/wire/a.ts:1 imports src/protocol/b',
      'emulator/test/c.ts:1 imports botbuilder-adapter-webex-connect',
    ]);
    const other = {
      'src/a.ts': "import '../emulator/src';",
      'src/b/c.ts': "import type { World } from 'webex-connect-emulator';",
    };
    assert.deepEqual(importsOf(EMULATOR, new Map(Object.entries(other))), [
      'src/a.ts:1 imports emulator/src',
      'src/b/c.ts:1 imports webex-connect-emulator',
    ]);
  });
});

describe('checkImports', () => {
  it('lets pass what the rules allow', () => {
    const violations = check({
      'src/index.ts': "export { A } from './adapter/a';",
      'src/adapter/http/a.ts': "import { b } from '../b'; import { TurnContext } from 'botbuilder';",
      'src/adapter/b.ts': "import { render } from '../protocol'; import '../logger';",
      'src/protocol/index.ts': "import type { Activity } from 'botbuilder'; import { z } from 'zod';",
      'src/testing/index.ts': "import nock from 'nock'; import { decode } from '../protocol/decode';",
      'src/logger.ts': "import { now } from './clock'; import { randomUUID } from 'node:crypto';",
    });
    assert.deepEqual(violations, []);
  });

  const forbidden: [title: string, path: string, source: string, violation: string][] = [
    [
      'protocol reaches for store',
      'src/protocol/a.ts',
      "import '../store/b';",
      'protocol may not import store',
    ],
    [
      'store reaches for delivery',
      'src/store/a.ts',
      "import '../delivery/b';",
      'store may not import delivery',
    ],
    [
      'delivery reaches for protocol',
      'src/delivery/a.ts',
      "import '../protocol/b';",
      'delivery may not import protocol',
    ],
    [
      'operations reaches for adapter',
      'src/operations/a.ts',
      "import '../adapter/b';",
      'operations may not import adapter',
    ],
    [
      'middleware reaches for adapter',
      'src/middleware/a.ts',
      "import '../adapter/b';",
      'middleware may not import adapter',
    ],
    ['ccsp reaches for store', 'src/ccsp/a.ts', "import '../store/b';", 'ccsp may not import store'],
    ['adapter reaches for ccsp', 'src/adapter/a.ts', "import '../ccsp/b';", 'adapter may not import ccsp'],
    ['testing reaches for store', 'src/testing/a.ts', "import '../store/b';", 'testing may not import store'],
    ['a leaf reaches for a folder', 'src/errors.ts', "import './store/b';", 'leaf may not import store'],
    [
      'the root file exports testing',
      'src/index.ts',
      "export * from './testing';",
      'index may not import testing',
    ],
    [
      'a folder reaches for the root file',
      'src/adapter/http/a.ts',
      "import '../..';",
      'adapter may not import index',
    ],
    [
      'a file leaves src',
      'src/store/a.ts',
      "import '../../test/b';",
      'store may not import test/b, outside src',
    ],
    [
      'a file imports the package by its name',
      'src/adapter/a.ts',
      "import { A } from 'botbuilder-adapter-webex-connect';",
      'adapter may not import index',
    ],
    [
      'a file imports an entry point by its name',
      'src/adapter/a.ts',
      "import { A } from 'botbuilder-adapter-webex-connect/testing';",
      'adapter may not import testing',
    ],
    [
      'only a type is imported against the arrow',
      'src/store/a.ts',
      "import type { B } from '../delivery/b';",
      'store may not import delivery',
    ],
    [
      'the name of a module is computed',
      'src/store/a.ts',
      'await import(name);',
      'a computed import cannot be checked',
    ],
    [
      'nock is imported outside testing',
      'src/adapter/a.ts',
      "import type { Scope } from 'nock';",
      'adapter may not import nock',
    ],
  ];
  for (const [title, path, source, violation] of forbidden) {
    it(`objects when ${title}`, () => {
      assert.deepEqual(check({ [path]: source }), [`${path}:1: ${violation}`]);
    });
  }

  for (const part of ['store', 'protocol', 'delivery', 'ccsp']) {
    for (const name of ['botbuilder', 'botbuilder-core', 'botframework-schema', 'botbuilder/lib/x']) {
      it(`objects when ${part} imports ${name} at run time`, () => {
        assert.deepEqual(check({ [`src/${part}/a.ts`]: `import { ActivityTypes } from '${name}';` }), [
          `src/${part}/a.ts:1: ${part} may not import ${name} at run time`,
        ]);
      });
    }
  }

  it('objects to a folder or root file without a place in the table', () => {
    assert.deepEqual(check({ 'src/queue/a.ts': '', 'src/helpers.ts': '' }), [
      'src/queue: has no place in the table',
      'src/helpers: has no place in the table',
    ]);
  });

  it('objects to a cycle between folders, even one that the table allows', () => {
    const rules = { ...RULES, arrows: { a: ['b'], b: ['c'], c: ['a'] } };
    const sources = {
      'src/a/1.ts': "import '../b/1';",
      'src/b/1.ts': "import './2';",
      'src/b/2.ts': "import type { C } from '../c/1';",
      'src/c/1.ts': "export * from '../a/2';",
    };
    assert.deepEqual(check(sources, rules), ['a cycle: a -> b -> c -> a']);
  });

  it('tells the line', () => {
    assert.deepEqual(check({ 'src/store/a.ts': "// why\n\nimport '../ccsp/b';" }), [
      'src/store/a.ts:3: store may not import ccsp',
    ]);
  });
});

describe('readImports', () => {
  const forms: [source: string, typeOnly: boolean][] = [
    ["import 'm';", false],
    ["import m from 'm';", false],
    ["import * as m from 'm';", false],
    ["import { a } from 'm';", false],
    ["import { a, type B } from 'm';", false],
    ["import m, { type B } from 'm';", false],
    ["import m = require('m');", false],
    ["export * from 'm';", false],
    ["export * as m from 'm';", false],
    ["export { a, type B } from 'm';", false],
    ["const m = require('m');", false],
    ["function later() { return import('m'); }", false],
    ['const m = require(`m`);', false],
    ["import type { B } from 'm';", true],
    ["import type m from 'm';", true],
    ["import type * as m from 'm';", true],
    ["import { type B, type C } from 'm';", true],
    ["import type m = require('m');", true],
    ["export type { B } from 'm';", true],
    ["export type * from 'm';", true],
    ["export { type B } from 'm';", true],
    ["let b: import('m').B;", true],
    ["let m: typeof import('m');", true],
  ];
  for (const [source, typeOnly] of forms) {
    it(`reads ${source} as ${typeOnly ? 'types only' : 'needed at run time'}`, () => {
      assert.deepEqual(readImports('a.ts', source), [{ specifier: 'm', typeOnly, line: 1 }]);
    });
  }

  it('finds nothing in comments, strings and plain exports', () => {
    const source = "// import 'm';\nconst text = \"import 'm'\";\nexport { text };\nload.require('m');";
    assert.deepEqual(readImports('a.ts', source), []);
  });
});
