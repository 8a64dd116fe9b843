const TAG = /<(?:[/?]?[a-z]|!)[^<>]*>/gi;
const LINE_BREAKING_TAG = /<(?:br\b|\/p\b|\/div\b|\/li\b)/i;
const WORD_BREAKING_TAG = /<\/?(?:break|p|s)\b/i;
const ENTITY = /&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,6});/gi;

const NAMED_ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
]);

/**
 * Turns text of format `xml` into plain text: tags go, entities are decoded, `<br/>` and the end of a
 * paragraph become a line feed.
 *
 * @param xml - the marked-up text; it need not be well-formed
 * @returns plain text, without whitespace around it
 */
export function xmlToText(xml: string): string {
  return decodeEntities(xml.replace(TAG, (tag) => (LINE_BREAKING_TAG.test(tag) ? '\n' : ''))).trim();
}

/**
 * Turns what a bot would say aloud into plain text: SSML tags go, entities are decoded, and the
 * whitespace that only lays out the markup becomes single spaces.
 *
 * @param ssml - SSML or plain text
 * @returns plain text on one line
 */
export function ssmlToText(ssml: string): string {
  const spoken = ssml.replace(TAG, (tag) => (WORD_BREAKING_TAG.test(tag) ? ' ' : ''));
  return decodeEntities(spoken).replace(/\s+/g, ' ').trim();
}

function decodeEntities(text: string): string {
  return text.replace(ENTITY, (entity, name: string) => decodeEntity(name.toLowerCase()) ?? entity);
}

function decodeEntity(name: string): string | undefined {
  if (!name.startsWith('#')) return NAMED_ENTITIES.get(name);
  const codePoint = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return isCharacter(codePoint) ? String.fromCodePoint(codePoint) : undefined;
}

function isCharacter(codePoint: number): boolean {
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return codePoint > 0 && codePoint <= 0x10ffff && !isSurrogate;
}
