/**
 * JSON with line breaks and indents, but otherwise character by character as it came: long numbers, doubled keys and
 * odd casing are what a reader of the wire looks for.
 *
 * @param {string} text
 * @returns {string | undefined} undefined when it is not JSON.
 */
export function prettyJson(text) {
  if (!isJson(text)) return undefined;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let depth = 0;
  let out = '';
  tokens.forEach((token, index) => {
    const previous = tokens[index - 1];
    if (isClosing(token)) {
      depth -= 1;
      if (!isOpening(previous)) out += lineBreak(depth);
    } else if (isOpening(previous) || previous === ',') {
      out += lineBreak(depth);
    }
    if (isOpening(token)) depth += 1;
    out += token === ':' ? ': ' : token;
  });
  return out;
}

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @param {string | undefined} token */
function isOpening(token) {
  return token === '{' || token === '[';
}

/** @param {string} token */
function isClosing(token) {
  return token === '}' || token === ']';
}

/** @param {number} depth */
function lineBreak(depth) {
  return `\n${'  '.repeat(depth)}`;
}
