import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as root from '../../src';
import * as postgres from '../../src/postgres';
import * as sqlite from '../../src/sqlite';
import * as testing from '../../src/testing';
import { isEnvironmentVariable, variablesReadIn } from './support/environmentVariables';
import { Page } from './support/markdown';
import { knownOptions, OPTION_GROUPS } from './support/optionNames';
import { pages, ROOT } from './support/pages';

const VARIABLE = /\b(?:WEBEX_CONNECT|EMULATOR|FAULT|FUZZ|BENCH)_[A-Z_]+\b/g;
/** What `doctor` finds misspelt, in its example. */
const MISSPELT = 'WEBEX_CONNECT_ACESS_TOKEN';
const DOTTED = new RegExp(`^(?:${OPTION_GROUPS.join('|')})\\.\\w+$`);
const MADE_WITH = /^(?:new )?([A-Z]\w+)\(\{ ([^}]*) \}\)$/;

/** What can be imported, but for types. */
const EXPORTED = [root, sqlite, postgres, testing].flatMap((entryPoint) => Object.keys(entryPoint));

const errorCodes = new Set(
  readFileSync(join(ROOT, 'src', 'errors.ts'), 'utf8').match(/WEBEX_CONNECT_[A-Z_]+/g) ?? [],
);

function unknownVariablesOf({ path, text }: Page): string[] {
  return [...text.matchAll(VARIABLE)]
    .map(([name]) => name)
    .filter((name) => !isEnvironmentVariable(name) && !errorCodes.has(name) && name !== MISSPELT)
    .filter((name) => !EXPORTED.includes(name))
    .map((name) => `${path}: ${name}`);
}

function unknownOptionsOf({ inlineCode }: Page): string[] {
  return inlineCode.flatMap(({ code, place }) => {
    const unknown = optionsNamedIn(code).filter((option) => !knownOptions().has(option));
    return unknown.map((option) => `${place}: ${option}`);
  });
}

/** `inbound.maxBacklog`; `HandoverMiddleware({ bridge, isAgentClose })`. */
function optionsNamedIn(code: string): string[] {
  if (DOTTED.test(code)) return [`WebexConnectAdapter ${code}`];
  const [, made, options] = MADE_WITH.exec(code) ?? [];
  if (made === undefined || options === undefined) return [];
  return options.split(', ').map((option) => `${made} ${option.split(':')[0]}`);
}

describe('The docs name', () => {
  for (const page of pages.values()) {
    it(`no environment variable that nothing reads, in ${page.path}`, () => {
      assert.deepEqual(unknownVariablesOf(page), []);
    });

    it(`no option that does not exist, in ${page.path}`, () => {
      assert.deepEqual(unknownOptionsOf(page), []);
    });
  }

  it('every environment variable that the package, the samples and `npm start` read', () => {
    const words = new Set(pages.get('docs/configuration.md')?.inlineCode.map(({ code }) => code));
    const read = variablesReadIn(['src', 'samples', 'scripts/start']);
    const ofTerminals = ['NO_COLOR', 'TERM'];
    const untold = [...read].filter((name) => !words.has(name) && !ofTerminals.includes(name));
    assert.deepEqual(untold, []);
  });

  it('everything that can be imported and is more than a type', () => {
    const texts = [...pages.values()].map(({ text }) => text).join('\n');
    const untold = EXPORTED.filter((name) => !new RegExp(`\\b${name}\\b`).test(texts));
    assert.deepEqual(untold, []);
  });

  it('something unknown, and it would be found', () => {
    const page = new Page(
      'a.md',
      '`WEBEX_CONNECT_NONE` and `inbound.none`, `outbound.jitter`, `HandoverMiddleware({ none })`',
    );
    assert.deepEqual(unknownVariablesOf(page), ['a.md: WEBEX_CONNECT_NONE']);
    assert.deepEqual(unknownOptionsOf(page), [
      'a.md:1: WebexConnectAdapter inbound.none',
      'a.md:1: HandoverMiddleware none',
    ]);
  });
});
