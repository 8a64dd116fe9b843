/**
 * Joins the lines of one block with a line feed, leaving out blank ones.
 *
 * @param lines - the lines, in reading order; a line may itself hold line feeds
 * @returns the block, or `''` when no line has anything to show
 */
export function joinLines(lines: readonly string[]): string {
  return withoutBlanks(lines).join('\n');
}

/**
 * Joins the blocks of a message with one empty line between them, leaving out blank ones.
 *
 * @param blocks - the blocks, in reading order
 * @returns the text, or `''` when no block has anything to show
 */
export function joinBlocks(blocks: readonly string[]): string {
  return withoutBlanks(blocks).join('\n\n');
}

/**
 * Puts a label before a value: `Label: value`.
 *
 * @param label - what the value is; one that already ends in a colon gets no second one
 * @param value - what to show
 * @returns the line; only the label or only the value when the other is blank
 */
export function labelled(label: string, value: string): string {
  if (label === '') return value;
  if (value === '') return label;
  return /[:：]$/.test(label) ? `${label} ${value}` : `${label}: ${value}`;
}

function withoutBlanks(texts: readonly string[]): string[] {
  return texts.filter((text) => text.trim() !== '');
}
