import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const CHECKS = `(() => {
  ${readFileSync(join(__dirname, 'inBrowser.js'), 'utf8').replace('[\n  idProblems', 'return [\n  idProblems')}
})()`;

/**
 * What is wrong with the page as it stands, one line each: names, ids, headings, nesting, sizes of targets, contrast
 * of text (4.5:1) and of the borders of controls (3:1).
 */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  const problems: unknown = await page.evaluate(CHECKS);
  if (!Array.isArray(problems)) throw new Error('The checks did not run.');
  return [...(await unnamedNodes(page)), ...problems.map(String)];
}

const NEEDS_NAME = new Set([
  'button',
  'link',
  'textbox',
  'combobox',
  'listbox',
  'checkbox',
  'radio',
  'spinbutton',
  'tab',
  'tabpanel',
  'dialog',
  'log',
  'img',
  'image',
  'heading',
  'article',
  'form',
  'region',
  'DisclosureTriangle',
]);

interface AxNode {
  readonly ignored: boolean;
  readonly role?: { readonly value?: unknown };
  readonly name?: { readonly value?: unknown };
  readonly nodeId: string;
}

/** Names as the browser itself computes them for assistive technology. */
async function unnamedNodes(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes }: { nodes: readonly AxNode[] } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes
    .filter(({ ignored, role }) => !ignored && NEEDS_NAME.has(String(role?.value)))
    .filter(({ name }) => String(name?.value ?? '').trim() === '')
    .map(({ role, nodeId }) => `node ${nodeId} of role ${String(role?.value)} has no name`);
}
