import type { Code, Html, Nodes, Parents, Root, Table } from 'mdast';

type Markdown = typeof import('mdast-util-from-markdown', { with: { 'resolution-mode': 'import' }});
type Gfm = typeof import('mdast-util-gfm', { with: { 'resolution-mode': 'import' }});
type GfmSyntax = typeof import('micromark-extension-gfm', { with: { 'resolution-mode': 'import' }});
type ToString = typeof import('mdast-util-to-string', { with: { 'resolution-mode': 'import' }});
type Slugger = typeof import('github-slugger', { with: { 'resolution-mode': 'import' }});

// ES modules, which this project's compiler lets nobody import by name from CommonJS; tests are made while mocha loads them.
const { fromMarkdown }: Markdown = require('mdast-util-from-markdown');
const { gfmFromMarkdown }: Gfm = require('mdast-util-gfm');
const { gfm }: GfmSyntax = require('micromark-extension-gfm');
const { toString: textOf }: ToString = require('mdast-util-to-string');
const { default: GithubSlugger }: Slugger = require('github-slugger');

/** A fenced block. */
export interface Block {
  /** Empty when the fence names none. */
  readonly language: string;
  readonly code: string;
  /** Where it is, to be clicked at: `docs/health.md:28`. */
  readonly place: string;
  /** What the hidden comment before it says, by name: `<!-- context: adapter, bot -->`. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
}

/** Where something leads. */
export interface Link {
  readonly url: string;
  readonly place: string;
}

/** One row of a table, cell by cell, as it is written. */
export type Row = readonly string[];

const NOTE = /^<!--\s*([a-z ]+):\s*(.*?)\s*-->$/;
const HTML_ID = /\bid="([^"]+)"/g;

/** A page of the docs, read as GitHub reads it. */
export class Page {
  readonly path: string;
  readonly text: string;
  readonly #root: Root;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.#root = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  }

  /** The fenced blocks, those in lists too. */
  get blocks(): Block[] {
    return this.#all('code')
      .filter(({ node }) => this.#isFenced(node))
      .map(({ node, parent }) => ({
        language: node.lang ?? '',
        code: node.value,
        place: this.#placeOf(node),
        notes: notesBefore(node, parent),
      }));
  }

  get links(): Link[] {
    const nodes = [...this.#all('link'), ...this.#all('image'), ...this.#all('definition')];
    return nodes.map(({ node }) => ({ url: node.url, place: this.#placeOf(node) }));
  }

  /** What `#…` may name on this page. */
  get anchors(): Set<string> {
    const slugger = new GithubSlugger();
    const headings = this.#all('heading').map(({ node }) => slugger.slug(textOf(node)));
    const ids = this.#all('html').flatMap(({ node }) => [...node.value.matchAll(HTML_ID)]);
    return new Set([...headings, ...ids.map(([, id = '']) => id)]);
  }

  /** What stands between backticks in running text. */
  get inlineCode(): { readonly code: string; readonly place: string }[] {
    return this.#all('inlineCode').map(({ node }) => ({ code: node.value, place: this.#placeOf(node) }));
  }

  /** The tables below the heading of this title, up to the next heading; each with its head, as it is written. */
  tablesBelow(title: string): Row[][] {
    const { children } = this.#root;
    const start = children.findIndex((node) => node.type === 'heading' && textOf(node) === title);
    if (start < 0) throw new Error(`${this.path} has no heading '${title}'.`);
    const length = children.slice(start + 1).findIndex(({ type }) => type === 'heading');
    const section = children.slice(start + 1, length < 0 ? undefined : start + 1 + length);
    return section.filter((node) => node.type === 'table').map((table) => this.#rowsOf(table));
  }

  #rowsOf(table: Table): Row[] {
    return table.children.map(({ children }) =>
      children.map((cell) => {
        const [first, last] = [cell.children[0], cell.children.at(-1)];
        return this.text.slice(first?.position?.start.offset, last?.position?.end.offset ?? 0);
      }),
    );
  }

  #isFenced(node: Code): boolean {
    return /^(`{3}|~{3})/.test(this.text.slice(node.position?.start.offset));
  }

  #placeOf(node: Nodes): string {
    return `${this.path}:${node.position?.start.line ?? 0}`;
  }

  #all<Type extends Nodes['type']>(type: Type): { node: Extract<Nodes, { type: Type }>; parent: Parents }[] {
    return [...walk(this.#root)].filter(
      (found): found is { node: Extract<Nodes, { type: Type }>; parent: Parents } => found.node.type === type,
    );
  }
}

function* walk(parent: Parents): Generator<{ node: Nodes; parent: Parents }> {
  for (const node of parent.children) {
    yield { node, parent };
    if ('children' in node) yield* walk(node);
  }
}

/** The comments that stand right before a block, with nothing in between. */
function notesBefore(node: Code, parent: Parents): Map<string, readonly string[]> {
  const siblings: readonly Nodes[] = parent.children;
  const before = siblings.slice(0, siblings.indexOf(node)).reverse();
  const until = before.findIndex((child) => !isNote(child));
  const comments = before.slice(0, until < 0 ? undefined : until).filter(isNote);
  return new Map(
    comments
      .flatMap(({ value }) => value.split(/\n(?=<!--)/))
      .map((comment) => NOTE.exec(comment.trim()) ?? [])
      .map(([, name = '', values = '']) => [name, values.split(/,\s*/)]),
  );
}

function isNote(node: Nodes): node is Html {
  return node.type === 'html' && NOTE.test(node.value.trim().split('\n')[0] ?? '');
}
