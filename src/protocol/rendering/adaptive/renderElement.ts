import { joinLines, labelled } from '../lines';
import { renderLink } from '../renderLink';
import {
  actionSetShape,
  containerShape,
  elementShape,
  factSetShape,
  imageSetShape,
  imageShape,
  mediaShape,
  richTextBlockShape,
  tableRowShape,
  tableShape,
  textBlockShape,
} from './adaptiveShapes';
import type { CardWalk } from './cardWalk';
import { renderAction, renderActions } from './renderAction';
import { renderInput } from './renderInput';

type ElementRenderer = (element: unknown, walk: CardWalk, depth: number) => string[];

const ELEMENT_RENDERERS = new Map<string, ElementRenderer>([
  ['textblock', renderTextBlock],
  ['richtextblock', renderRichTextBlock],
  ['factset', renderFactSet],
  ['image', renderImage],
  ['imageset', renderImageSet],
  ['media', renderMedia],
  ['table', renderTable],
  ['tablerow', renderTableRow],
  ['actionset', renderActionSet],
]);

/**
 * Shows elements of an Adaptive Card in order.
 *
 * @param elements - the elements, of any shape
 * @param walk - the walk through the card
 * @param depth - the elements' level
 * @returns the lines
 */
export function renderElements(elements: readonly unknown[], walk: CardWalk, depth: number): string[] {
  return elements.flatMap((element) => renderElement(element, walk, depth));
}

/**
 * Shows one element of an Adaptive Card, and what is inside it. Invisible elements show nothing. An unknown
 * type shows what it contains, else its `fallback`, else its own title and text.
 *
 * @param element - the element, of any shape; a bare string shows as text
 * @param walk - the walk through the card
 * @param depth - the element's level
 * @returns the lines
 */
export function renderElement(element: unknown, walk: CardWalk, depth: number): string[] {
  if (typeof element === 'string') return [element.trim()];
  const { data: parsed } = elementShape.safeParse(element);
  if (parsed === undefined || !parsed.isVisible || !walk.admits(depth)) return [];

  const render = rendererFor(parsed.type.toLowerCase());
  return [...render(element, walk, depth), ...renderAction(parsed.selectAction, walk, depth + 1)];
}

function rendererFor(type: string): ElementRenderer {
  if (type.startsWith('input.')) return renderInput;
  return ELEMENT_RENDERERS.get(type) ?? renderContainer;
}

function renderTextBlock(element: unknown): string[] {
  return [textBlockShape.parse(element).text];
}

function renderRichTextBlock(element: unknown, walk: CardWalk, depth: number): string[] {
  const { inlines } = richTextBlockShape.parse(element);
  return [
    inlines.map((inline) => inline.text).join(''),
    ...inlines.flatMap((inline) => renderAction(inline.selectAction, walk, depth + 1)),
  ];
}

function renderFactSet(element: unknown): string[] {
  return factSetShape.parse(element).facts.map((fact) => labelled(fact.title, fact.value));
}

function renderImage(element: unknown): string[] {
  const { altText, url } = imageShape.parse(element);
  return [renderLink(altText, url)];
}

function renderImageSet(element: unknown, walk: CardWalk, depth: number): string[] {
  const { images } = imageSetShape.parse(element);
  return images.flatMap((image) => renderElement(withType('Image', image), walk, depth + 1));
}

// The schema lets an image of a set and a row of a table leave their type out.
function withType(type: string, element: unknown): unknown {
  return typeof element === 'object' && element !== null ? { ...element, type } : element;
}

function renderMedia(element: unknown): string[] {
  const { altText, sources, poster } = mediaShape.parse(element);
  if (sources.length === 0) return [renderLink(altText, poster)];
  return sources.map((source) => renderLink(altText, source.url));
}

function renderTable(element: unknown, walk: CardWalk, depth: number): string[] {
  const { rows } = tableShape.parse(element);
  return rows.flatMap((row) => renderElement(withType('TableRow', row), walk, depth + 1));
}

function renderTableRow(row: unknown, walk: CardWalk, depth: number): string[] {
  const cells = tableRowShape
    .parse(row)
    .cells.map((cell) => joinLines(renderElement(cell, walk, depth + 1)).replaceAll('\n', ' '));
  return cells.every((cell) => cell === '') ? [] : [cells.join(' | ')];
}

function renderActionSet(element: unknown, walk: CardWalk, depth: number): string[] {
  return renderActions(actionSetShape.parse(element).actions, walk, depth + 1);
}

function renderContainer(element: unknown, walk: CardWalk, depth: number): string[] {
  const container = containerShape.parse(element);
  const { items, body, columns, rows, cells, pages } = container;
  const children = [...items, ...body, ...columns, ...rows, ...cells, ...pages];

  const contents = renderElements(children, walk, depth + 1);
  if (joinLines(contents) !== '') return contents;

  if (container.fallback === 'drop') return [];
  const fallback = renderElement(container.fallback, walk, depth + 1);
  return joinLines(fallback) === '' ? [container.title, container.text] : fallback;
}
