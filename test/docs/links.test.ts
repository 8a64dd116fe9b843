import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Page } from './support/markdown';
import { pages, ROOT } from './support/pages';

const IS_ABSOLUTE = /^[a-z]+:/;

/** What is wrong with the links of a page, one line each. */
function brokenLinksOf(page: Page): string[] {
  return page.links.flatMap(({ url, place }) => {
    const trouble = IS_ABSOLUTE.test(url) ? troubleWithAddress(url) : troubleWithPath(page, url);
    return trouble === undefined ? [] : [`${place}: ${url} ${trouble}`];
  });
}

/** Nothing is fetched: a test must not hang on what others serve. */
function troubleWithAddress(url: string): string | undefined {
  const isKnown = url.startsWith('https://') || url.startsWith('http://localhost:');
  return isKnown && URL.canParse(url) ? undefined : 'is no https address';
}

function troubleWithPath(page: Page, url: string): string | undefined {
  const [path = '', anchor] = url.split('#');
  const target = path === '' ? page.path : posix.join(posix.dirname(page.path), path);
  if (target.startsWith('..')) return 'leads out of the repository';
  if (path !== '' && !existsSync(join(ROOT, target))) return 'is not there';
  if (anchor === undefined) return undefined;
  const found = path === '' ? page : pages.get(target);
  return found?.anchors.has(anchor) ? undefined : 'has no such heading';
}

/** The pages that one gets to from a page, at any number of clicks. */
function reachableFrom(start: string): Set<string> {
  const reached = new Set([start]);
  for (const path of reached) {
    for (const { url } of pages.get(path)?.links ?? []) {
      if (IS_ABSOLUTE.test(url)) continue;
      const target = posix.join(posix.dirname(path), url.split('#')[0] || posix.basename(path));
      const isFolder = existsSync(join(ROOT, target)) && statSync(join(ROOT, target)).isDirectory();
      reached.add(isFolder ? posix.join(target, 'README.md') : target);
    }
  }
  return reached;
}

describe('The links of the docs', () => {
  for (const page of pages.values()) {
    it(`of ${page.path} lead somewhere`, () => assert.deepEqual(brokenLinksOf(page), []));
  }

  it('lead to every page, from the README', () => {
    const reached = reachableFrom('README.md');
    const lost = [...pages.keys()].filter((path) => !reached.has(path) && path !== 'emulator/README.md');
    assert.deepEqual(lost, []);
  });

  it('lead from the index to every page of docs/', () => {
    const direct = new Set(
      pages.get('docs/README.md')?.links.map(({ url }) => posix.join('docs', url.split('#')[0] ?? '')),
    );
    const pagesOfDocs = [...pages.keys()].filter((path) => /^docs\/[a-z-]+\.md$/.test(path));
    assert.deepEqual(
      pagesOfDocs.filter((path) => !direct.has(path)),
      [],
    );
  });

  it('would be found broken', () => {
    const page = new Page(
      'docs/a.md',
      '# One\n[1](none.md) [2](health.md#none) [3](#none) [4](#one) [5](http://a.example) [6](../../x) ![7](images/none.png)\n',
    );
    assert.deepEqual(
      brokenLinksOf(page).map((line) => line.split(' ')[1]),
      ['none.md', 'health.md#none', '#none', 'http://a.example', '../../x', 'images/none.png'],
    );
  });
});
