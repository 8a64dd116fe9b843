import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../support/architectureRules';
import { readFlowchart } from './support/diagrams';
import { pages, ROOT, readPage } from './support/pages';

const page = readPage('docs/architecture.md');
const blockOf = (language: string) => page.blocks.find((block) => block.language === language)?.code ?? '';

const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** `delivery/turnWorkers.ts`, `protocol/rendering/`, `test/faults`. */
const PATH = /^(?:[\w.-]+\/)+[\w.-]*$/;
/** From where a page may speak of a path, beside the root. */
const BASES = ['', 'src'];
const ABOUT_THE_CODE = ['docs/architecture.md', 'CONTRIBUTING.md'];

/** `(I4, I5, I7)`; `I1–I5 and I7`. */
const INVARIANT = /\bI\d+\b/g;

/** Of the comments and the names of tests, as `I4`. */
function invariantsCitedIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => readFileSync(join(ROOT, folder, path), 'utf8').match(INVARIANT) ?? []);
}

describe('docs/architecture.md', () => {
  it('has the arrows that the code is held to', () => {
    const arrows = Object.entries(RULES.arrows)
      .filter(([from]) => folders.includes(from))
      .flatMap(([from, others]) => others.filter((to) => to !== 'leaf').map((to) => `${from} --> ${to}`));
    const drawn = readFlowchart(blockOf('mermaid')).map(({ from, to }) => `${from} --> ${to}`);
    assert.deepEqual(drawn.sort(), arrows.sort());
  });

  it('tells of every folder of src/', () => {
    const told = [...blockOf('text').matchAll(/^src\/(\w+)\//gm)].map(([, name]) => name);
    assert.deepEqual(told.sort(), [...folders].sort());
  });

  it('tells of every invariant that the code and the tests cite', () => {
    const told = page.tablesBelow('Invariants').flatMap(([_head, ...rows]) => rows.map(([first]) => first));
    const cited = new Set(['src', 'test'].flatMap(invariantsCitedIn));
    assert.ok(cited.size > 0);
    const untold = [...cited].filter((name) => !told.includes(name));
    assert.deepEqual(untold, []);
  });

  for (const path of ABOUT_THE_CODE) {
    it(`names only files and folders that there are, in ${path}`, () => {
      const named = (pages.get(path)?.inlineCode ?? []).filter(({ code }) => PATH.test(code));
      assert.ok(named.length >= 10);
      const lost = named.filter(({ code }) => !BASES.some((base) => existsSync(join(ROOT, base, code))));
      assert.deepEqual(lost, []);
    });
  }
});
