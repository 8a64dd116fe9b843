/**
 * PostgreSQL's `text` holds neither U+0000 nor halves of a surrogate pair, and customers' words may hold both: no
 * content may fail to be stored (I10), and no two ids may become the same (I8). Such characters are written as
 * U+0001 and four hexadecimal digits.
 */
const MARK = '\u0001';
const UNSTORABLE = new RegExp(`[\\0${MARK}\\p{Cs}]`, 'gu');
const ESCAPED = new RegExp(`${MARK}([0-9a-f]{4})`, 'g');

/** As the text is written into the database. */
export function encodeText(text: string): string {
  // Most texts need nothing, and this tells so in one pass without allocating.
  if (text.isWellFormed() && !text.includes('\0') && !text.includes(MARK)) return text;
  return text.replace(
    UNSTORABLE,
    (character) => MARK + character.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}

/** What {@link encodeText} was given. */
export function decodeText(text: string): string {
  if (!text.includes(MARK)) return text;
  return text.replace(ESCAPED, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** How JSON writes what cannot be stored; a text that looks the same is taken for it. */
const WRITTEN_OUT = /\\u(?:000[01]|d[89a-f])/;

/** JSON in which every text is encoded. */
export function encodeJson(value: unknown): string {
  // A replacer takes several times as long, and hardly ever has something to do.
  const json = JSON.stringify(value);
  if (!WRITTEN_OUT.test(json)) return json;
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? encodeText(part) : part));
}

/** Reads JSON that PostgreSQL made of encoded texts. */
export function decodeJson(json: string): unknown {
  // In JSON the mark is written out.
  if (!json.includes('\\u0001')) return JSON.parse(json);
  return JSON.parse(json, (_, part: unknown) => (typeof part === 'string' ? decodeText(part) : part));
}
