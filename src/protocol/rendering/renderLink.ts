import { labelled } from './lines';

/**
 * Shows a link, or what stands for it, on one line: `Label: https://…`.
 *
 * A `data:` URI carries the file itself, which no text channel can show: its label and `(attachment)`
 * stand for it.
 *
 * @param label - the link's name; may be `''`
 * @param url - the link; may be `''`
 * @returns one line, `''` when both are blank; only the URL when the label says the same
 */
export function renderLink(label: string, url: string): string {
  if (isDataUri(url)) return `${label} (attachment)`.trimStart();
  return label === url ? url : labelled(label, url);
}

/**
 * Tells whether a URL is a `data:` URI, which holds the file instead of leading to it.
 *
 * @param url - any URL
 */
export function isDataUri(url: string): boolean {
  return /^data:/i.test(url);
}
